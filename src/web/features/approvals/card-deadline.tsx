import type { RefObject } from 'react'
import { messageOf } from '../../lib/api-error.ts'
import { formatExactTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './approval-card.module.css'
import { Key } from './decision-bar.tsx'
import type { PendingApproval } from './pending-approvals.ts'
import { approvalText } from './text-approvals.ts'
import { useExtend } from './use-approvals.ts'
import { useCardKeys } from './use-card-keys.ts'

const URGENT_MS = 20_000

interface DeadlineProps {
  card: RefObject<HTMLDivElement | null>
  approval: PendingApproval
}

/** How long there is to decide, and more time for who needs it. Announced once, when it runs out, not by the second. */
export function Deadline({ card, approval: { request, deadlineMs } }: DeadlineProps) {
  const now = useNow(1000)
  const { mutate, isPending, error } = useExtend(request)
  const extend = () => {
    if (!isPending) mutate()
  }
  useCardKeys(card, { x: deadlineMs === null ? undefined : extend })
  if (deadlineMs === null || request.expiresAt === null) return null
  const remainingMs = deadlineMs - now.getTime()
  const isUrgent = remainingMs <= URGENT_MS
  return (
    <div className={styles.deadline}>
      <time className={classNames(isUrgent && styles.danger)} dateTime={request.expiresAt} title={formatExactTime(request.expiresAt)}>
        {remainingMs > 0 ? approvalText.expiresIn(Math.ceil(remainingMs / 1000) * 1000) : approvalText.expiring}
      </time>
      <Button variant="quiet" className={styles.more} aria-disabled={isPending} aria-keyshortcuts="X" onClick={extend}>
        {approvalText.moreTime}
        <Key letter="X" />
      </Button>
      <span role="status" className="visually-hidden">
        {isUrgent && approvalText.urgent}
      </span>
      {error !== null && (
        <span role="alert" className={styles.error}>
          {messageOf(error)}
        </span>
      )}
    </div>
  )
}
