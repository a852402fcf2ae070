import { ApprovalCard } from './approval-card.tsx'
import type { PendingApproval } from './pending-approvals.ts'

interface DockCardsProps {
  approvals: readonly PendingApproval[]
  agentName: string
}

/** What was just decided elsewhere, and the oldest that waits. */
export function DockCards({ approvals, agentName }: DockCardsProps) {
  const waiting = approvals.filter(({ resolution }) => resolution === null)
  const decided = approvals.filter(({ resolution }) => resolution !== null)
  const [first] = waiting
  return (
    <>
      {decided.map((approval) => (
        <ApprovalCard key={approval.request.requestId} approval={approval} agentName={agentName} />
      ))}
      {first !== undefined && (
        <ApprovalCard key={first.request.requestId} approval={first} agentName={agentName} position={{ index: 1, total: waiting.length }} />
      )}
    </>
  )
}
