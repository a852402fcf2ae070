import type { ApprovalResolution } from '#protocol/approvals'
import { formatTimeWithSeconds } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { approvalTitle } from './approval-title.ts'
import styles from './approval-card.module.css'
import type { CardProps } from './card-props.ts'
import { approvalText, outcomeText } from './text-approvals.ts'
import { usePendingStore } from './use-approvals.ts'

/** A request that ended elsewhere: who, what and when. */
export function ResolvedCard({ approval: { request }, context, resolution }: CardProps & { resolution: ApprovalResolution }) {
  const store = usePendingStore()
  return (
    <section className={styles.resolved} role="status">
      <StateMark tone={resolution.outcome === 'allowed' ? 'done' : 'offline'} word={approvalTitle(request)} />
      <span className={styles.outcome}>{wordsOf(resolution)}</span>
      {context}
      {resolution.outcome === 'timed-out' && (
        <Button variant="quiet" onClick={() => store.dismiss(request.requestId)}>
          {approvalText.dismiss}
        </Button>
      )}
    </section>
  )
}

function wordsOf({ outcome, by, at }: ApprovalResolution): string {
  const when = formatTimeWithSeconds(new Date(at))
  const who = [by.name, by.device].filter(Boolean).join(' · ')
  switch (outcome) {
    case 'allowed':
      return outcomeText.allowed(who, when)
    case 'denied':
      return by.kind === 'system' && by.name === 'freeze' ? outcomeText.frozen(when) : outcomeText.denied(who, when)
    case 'timed-out':
      return outcomeText.timedOut(when)
    case 'cancelled':
      return by.kind === 'system' && by.name.startsWith('changed') ? outcomeText.changed : outcomeText.cancelled(when)
  }
}
