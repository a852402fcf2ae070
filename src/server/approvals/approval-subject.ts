import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'

/** The session on whose behalf a call is asked. */
export interface ApprovalSubject {
  sessionId: SessionId
  userId: UserId
  projectId: ProjectId
  provider: ProviderId
  cwd: string
  mode: PermissionMode
  /** Whether the person trusts the project's own settings and hooks. */
  trusted: boolean
  canEditInput: boolean
}
