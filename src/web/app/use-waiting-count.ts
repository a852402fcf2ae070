import { useSessions } from '../lib/server-queries.ts'

/** How many decisions wait for this person, over all sessions. */
export function useWaitingCount(): number {
  const { data: sessions = [] } = useSessions(null)
  return sessions.reduce((sum, session) => sum + session.pendingApprovals, 0)
}
