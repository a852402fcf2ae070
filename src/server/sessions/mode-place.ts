import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { SessionRow } from './session-repository.ts'

/** The session whose mode is chosen; null before it is made. */
export interface ModePlace {
  userId: UserId
  projectId: ProjectId
  sessionId: SessionId | null
  provider: ProviderId
}

export function placeOf(row: SessionRow) {
  return { userId: row.user_id, projectId: row.project_id, sessionId: row.id, provider: row.provider }
}
