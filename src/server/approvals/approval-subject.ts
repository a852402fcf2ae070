import type { ApprovalRequest } from '#protocol/approvals'
import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import type { ApprovalAsk } from '../providers/provider.ts'

/** The session on whose behalf a call is asked. */
export interface ApprovalSubject {
  sessionId: SessionId
  userId: UserId
  projectId: ProjectId
  provider: ProviderId
  cwd: string
  mode: PermissionMode
  /** When the mode `bypassPermissions` ends. */
  modeUntil: string | null
  /** Whether the person trusts the project's own settings and hooks. */
  trusted: boolean
  canEditInput: boolean
}

/** The agent that waits. */
export interface Caller {
  signal: AbortSignal
  /** Called once a person is asked. */
  onWaiting?: () => void
}

/** A call that was asked about. */
export interface Asked {
  subject: ApprovalSubject
  request: ApprovalRequest
  ask: ApprovalAsk
}
