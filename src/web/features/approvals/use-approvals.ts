import { useMutation } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import { type ApprovalDecision, ApprovalRequest } from '#protocol/approvals'
import type { SessionId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { api } from '../../lib/api.ts'
import { type Connection, useConnection } from '../../lib/connection.ts'
import { type PendingApproval, PendingApprovals, type PendingApprovalsState } from './pending-approvals.ts'

const RequestPage = pageOf(ApprovalRequest)

async function listPending(): Promise<ApprovalRequest[]> {
  return (await api.get('/api/approvals?status=pending', RequestPage)).items
}

const byConnection = new WeakMap<Connection, PendingApprovals>()

/** The requests of the page's connection: one store for all screens. */
export function usePendingStore(): PendingApprovals {
  const connection = useConnection()
  const known = byConnection.get(connection)
  if (known !== undefined) return known
  const store = new PendingApprovals(connection, listPending)
  byConnection.set(connection, store)
  return store
}

export function usePendingApprovals(): PendingApprovalsState {
  const store = usePendingStore()
  return useSyncExternalStore(store.subscribe, () => store.state)
}

/** The requests of one session, oldest first. */
export function useSessionApprovals(sessionId: SessionId): readonly PendingApproval[] {
  const { approvals } = usePendingApprovals()
  return useMemo(() => approvals.filter(({ request }) => request.sessionId === sessionId), [approvals, sessionId])
}

/** Sends a decision about exactly the input that is shown. */
export function useDecide({ requestId, inputHash }: ApprovalRequest) {
  const store = usePendingStore()
  return useMutation({
    // Never kept for later: without a connection it fails at once.
    networkMode: 'always',
    mutationFn: (decision: Omit<ApprovalDecision, 'inputHash'>) => store.decide(requestId, { ...decision, inputHash }),
  })
}

const TEN_MINUTES_S = 600

/** Lets a request wait ten minutes longer. */
export function useExtend({ requestId }: ApprovalRequest) {
  const store = usePendingStore()
  return useMutation({
    networkMode: 'always',
    mutationFn: () => api.post(`/api/approvals/${requestId}/extend`, { seconds: TEN_MINUTES_S }, ApprovalRequest),
    onSuccess: (request) => store.take(request),
  })
}
