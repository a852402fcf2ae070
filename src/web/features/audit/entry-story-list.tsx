import type { AuditLogEntry } from '#protocol/audit'
import { messageOf } from '../../lib/api-error.ts'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './audit.module.css'
import { useAround } from './audit-queries.ts'
import { factsOf, storyOf } from './entry-story.ts'
import { formatStamp } from './format-stamp.ts'
import { auditText, entryText } from './text-audit.ts'

/** What belongs to an entry, such as prompt, request, decision and result, oldest first. */
export function EntryStory({ entry, onOpen }: { entry: AuditLogEntry; onOpen: (entry: AuditLogEntry) => void }) {
  const around = useAround(entry)
  const story = storyOf(entry, around.data ?? [])
  return (
    <section className={styles.story} aria-labelledby="audit-story">
      <h3 id="audit-story">{entryText.story}</h3>
      {around.isLoading && <Skeleton label={entryText.storyLoading} rows={3} />}
      {around.isError && (
        <Notice tone="negative" title={entryText.storyFailed}>
          {messageOf(around.error)}
        </Notice>
      )}
      {!around.isLoading && !around.isError && story.length <= 1 && <p className={styles.quiet}>{entryText.alone}</p>}
      {story.length > 1 && (
        <ol className={styles.steps}>
          {story.map((step) => (
            <Step key={step.seq} step={step} isThis={step.seq === entry.seq} onOpen={onOpen} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Step({ step, isThis, onOpen }: { step: AuditLogEntry; isThis: boolean; onOpen: (entry: AuditLogEntry) => void }) {
  const { seq, at, actor, action } = step
  return (
    <li aria-current={isThis ? 'step' : undefined}>
      <time dateTime={at} className={styles.quiet}>
        {formatStamp(at)}
      </time>
      <span className={styles.stepWords}>
        {isThis ? (
          <strong>{action}</strong>
        ) : (
          <button type="button" className={styles.open} aria-label={auditText.open(seq, action)} onClick={() => onOpen(step)}>
            {action}
          </button>
        )}
        <span>{actor}</span>
        {factsOf(step).map((fact, index) => (
          <span key={index} className={styles.quiet}>
            {fact}
          </span>
        ))}
        {isThis && <span className={styles.quiet}>{entryText.thisOne}</span>}
      </span>
    </li>
  )
}
