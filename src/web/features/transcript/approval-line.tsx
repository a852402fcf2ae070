import { Link } from 'wouter'
import type { ApprovalMark } from '#protocol/session-view/items'
import { ruleAddress, ruleInWords } from '../../lib/rule-in-words.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { toolText } from './text-transcript.ts'
import styles from './tool-row.module.css'

/** How a decision about a tool call went, once it was made. */
export function ApprovalLine({ mark }: { mark: ApprovalMark }) {
  const { outcome, by, message } = mark
  if (outcome === null) return null
  if (by?.kind === 'rule') return <RuleLine outcome={outcome} name={by.name} />
  return (
    <p className={styles.note}>
      <VisibleText text={wordsOf(mark)} />{' '}
      {message !== null && outcome === 'denied' && (
        <q className={styles.quote}>
          <VisibleText text={message} />
        </q>
      )}
    </p>
  )
}

/** What a rule, the preset or the session's mode decided, with a way to the rule. */
function RuleLine({ outcome, name }: { outcome: NonNullable<ApprovalMark['outcome']>; name: string }) {
  const { words, ruleId } = ruleInWords(name)
  return (
    <p className={styles.note}>
      {outcome === 'denied' ? toolText.deniedBecause(words) : toolText.allowedBecause(words)}{' '}
      {ruleId !== null && <Link href={ruleAddress(ruleId)}>{toolText.openRule}</Link>}
    </p>
  )
}

function wordsOf({ outcome, by, isEdited }: ApprovalMark): string {
  const name = by === null ? '' : [by.name, by.device].filter(Boolean).join(' · ')
  switch (outcome) {
    case 'allowed':
      return isEdited ? toolText.allowedEditedBy(name) : toolText.allowedBy(name)
    case 'denied':
      return toolText.deniedBy(name)
    case 'timed-out':
      return toolText.timedOut
    case 'cancelled':
    case null:
      return toolText.approvalCancelled
  }
}
