import { Link } from 'wouter'
import type { AuditLogEntry } from '#protocol/audit'
import { auditMeaning } from '#protocol/audit-actions'
import { ruleAddress } from '../../lib/rule-in-words.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ScrollArea } from '../../ui/code/scroll-area.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './audit.module.css'
import type { AuditFilters } from './audit-filters.ts'
import { addressOf, NO_FILTERS } from './audit-filters.ts'
import { EntryStory } from './entry-story-list.tsx'
import { ruleOf, sessionOf } from './entry-story.ts'
import { formatStamp } from './format-stamp.ts'
import { entryText } from './text-audit.ts'

interface EntryDialogProps {
  entry: AuditLogEntry
  onOpen: (entry: AuditLogEntry) => void
  onClose: () => void
}

/** One entry, all of it, and what belongs to it. */
export function EntryDialog({ entry, onOpen, onClose }: EntryDialogProps) {
  const session = sessionOf(entry)
  const about = session ?? entry.subject
  const rule = ruleOf(entry)
  const filters: AuditFilters = { ...NO_FILTERS, about: about ?? '' }
  return (
    <Dialog
      title={entryText.title(entry.seq)}
      closeLabel={entryText.close}
      onClose={onClose}
      footer={
        <>
          {about !== null && (
            <Link href={addressOf(filters)} className={buttonClass('secondary')} onClick={onClose}>
              {entryText.about}
            </Link>
          )}
          {rule !== null && (
            <Link href={ruleAddress(rule)} className={buttonClass('secondary')}>
              {entryText.rule}
            </Link>
          )}
          {session !== null && (
            <Link href={`/sessions/${session}`} className={buttonClass('secondary')}>
              {entryText.session}
            </Link>
          )}
        </>
      }
    >
      <Meaning action={entry.action} />
      <Facts entry={entry} />
      <EntryStory entry={entry} onOpen={onOpen} />
    </Dialog>
  )
}

function Meaning({ action }: { action: string }) {
  const meaning = auditMeaning(action)
  return meaning === null ? null : <p>{meaning}</p>
}

function Facts({ entry }: { entry: AuditLogEntry }) {
  const facts: [string, string | null][] = [
    [entryText.time, formatStamp(entry.at)],
    [entryText.who, entry.actor],
    [entryText.device, entry.device],
    [entryText.address, entry.address],
    [entryText.action, entry.action],
    [entryText.subject, entry.subject],
    [entryText.hash, entry.hash],
    [entryText.previous, entry.prev],
  ]
  const hasDetails = Object.keys(entry.details).length > 0
  return (
    <>
      <dl className={styles.entry}>
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {hasDetails && (
        <ScrollArea label={entryText.details} className={styles.details}>
          <code>{JSON.stringify(entry.details, null, 2)}</code>
        </ScrollArea>
      )}
    </>
  )
}
