import { useEffect, useRef } from 'react'
import type { SessionId } from '#protocol/ids'
import { ApprovalCard } from './approval-card.tsx'
import styles from './approval-card.module.css'
import { useSessionApprovals } from './use-approvals.ts'
import { useFocusReturn } from './use-focus-return.ts'

interface ApprovalDockProps {
  sessionId: SessionId
  agentName: string
  /** The card that had the keyboard's focus is gone and no other waits. */
  onFocusLost: () => void
}

/** The session's requests above the composer: the oldest that waits, and what was just decided elsewhere. */
export function ApprovalDock({ sessionId, agentName, onFocusLost }: ApprovalDockProps) {
  const approvals = useSessionApprovals(sessionId)
  const waiting = approvals.filter(({ resolution }) => resolution === null)
  const decided = approvals.filter(({ resolution }) => resolution !== null)
  const [first] = waiting
  const dock = useRef<HTMLDivElement>(null)
  useFocusReturn(dock, first?.request.requestId, onFocusLost)

  useEffect(() => {
    function focusCard(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'a' || !event.shiftKey || !(event.metaKey || event.ctrlKey)) return
      const card = dock.current?.querySelector<HTMLElement>('[data-approval-card]')
      if (card === null || card === undefined) return
      event.preventDefault()
      card.focus()
    }
    window.addEventListener('keydown', focusCard)
    return () => window.removeEventListener('keydown', focusCard)
  }, [])

  if (approvals.length === 0) return null
  return (
    <div ref={dock} className={styles.dock} data-approval-dock={waiting.length > 0 ? 'waiting' : 'decided'}>
      {decided.map((approval) => (
        <ApprovalCard key={approval.request.requestId} approval={approval} agentName={agentName} />
      ))}
      {first !== undefined && (
        <ApprovalCard key={first.request.requestId} approval={first} agentName={agentName} position={{ index: 1, total: waiting.length }} />
      )}
    </div>
  )
}
