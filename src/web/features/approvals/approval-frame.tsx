import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { useId } from 'react'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import styles from './approval-card.module.css'
import type { PendingApproval } from './pending-approvals.ts'
import { approvalTitle } from './approval-title.ts'
import { Deadline } from './card-deadline.tsx'
import { isAnythingOpen } from './is-anything-open.ts'
import { approvalText } from './text-approvals.ts'

export interface ApprovalFrameProps {
  ref: RefObject<HTMLDivElement | null>
  approval: PendingApproval
  /** The agent's name. */
  agentName: string
  /** From 1, where several wait in the same place. */
  position?: { index: number; total: number }
  /** Whose request it is. */
  context?: ReactNode
  isArmed: boolean
  /** ⌘ and Enter while the card has the focus. */
  onAllow: () => void
  /** Escape while the card has the focus. */
  onReject: () => void
  children: ReactNode
}

/** The amber frame around everything that waits for a person. */
export function ApprovalFrame({ ref, approval, agentName, position, context, isArmed, onAllow, onReject, children }: ApprovalFrameProps) {
  const titleId = useId()
  const title = approvalTitle(approval.request)

  function decideByKey(event: KeyboardEvent<HTMLElement>) {
    if (event.defaultPrevented) return
    if (event.key === 'Enter') decideByEnter(event)
    else if (event.key === 'Escape' && !isAnythingOpen()) {
      event.preventDefault()
      if (isArmed) onReject()
    }
  }

  function decideByEnter(event: KeyboardEvent<HTMLElement>) {
    if (event.metaKey || event.ctrlKey) {
      event.preventDefault()
      if (isArmed) onAllow()
    } else if (event.target instanceof Element && event.target.closest('[data-allow]') !== null) {
      // Enter alone never allows.
      event.preventDefault()
    }
  }

  const focusable = { tabIndex: -1 }
  return (
    <div ref={ref} {...focusable} role="group" className={styles.card} aria-labelledby={titleId} data-approval-card onKeyDown={decideByKey}>
      <p role="alert" className="visually-hidden">
        {approvalText.announce(title, agentName)}
      </p>
      <header className={styles.head}>
        <StateMark tone="waiting" word={approvalText.waits} glyphOnly />
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        {position !== undefined && (
          <span className={styles.position}>{position.total > 1 && approvalText.position(position.index, position.total)}</span>
        )}
      </header>
      <p className={styles.whose}>
        {context}
        <span>{agentName}</span>
        {approval.request.agentId !== undefined && <span>{approvalText.subAgent}</span>}
      </p>
      <Deadline card={ref} approval={approval} />
      {approval.staleness !== null && (
        <p role="alert" className={styles.stale}>
          <VisibleText text={approval.staleness} />
        </p>
      )}
      {children}
    </div>
  )
}
