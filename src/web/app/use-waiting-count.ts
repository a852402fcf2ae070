import type { SessionId } from '#protocol/ids'
import { usePendingApprovals } from '../features/approvals/use-approvals.ts'
import { useCan } from './use-can.ts'

/** How many decisions wait for this person: over all sessions, or all but one. */
export function useWaitingCount(except: SessionId | null = null): number {
  const { approvals } = usePendingApprovals()
  const mayDecide = useCan('approve')
  if (!mayDecide) return 0
  return approvals.filter(({ request, resolution }) => resolution === null && request.sessionId !== except).length
}
