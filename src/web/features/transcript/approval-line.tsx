import type { ApprovalMark } from '#protocol/session-view/items'
import { toolText } from './text-transcript.ts'
import styles from './tool-row.module.css'

/** How a decision about a tool call went, once it was made. */
export function ApprovalLine({ mark }: { mark: ApprovalMark }) {
  if (mark.outcome === null) return null
  return (
    <p className={styles.note}>
      {wordsOf(mark)} {mark.message !== null && mark.outcome === 'denied' && <q className={styles.quote}>{mark.message}</q>}
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
