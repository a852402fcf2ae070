import type { Kysely } from 'kysely'
import type { ApprovalRequest } from '#protocol/approvals'
import type { ProjectId, SessionId } from '#protocol/ids'
import type { AgentMode } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'
import type { Principal } from '../http/principal.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import type { ApprovalPolicy } from './approval-policy.ts'

export interface ApprovalServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  logger: Logger
  policy: ApprovalPolicy
  /** The agents' `PATH`. */
  searchPath: string
  /** 0: no limit. */
  timeoutMs: number
  /** What a project has in its place, in seconds; null for nothing. */
  projectTimeout: (id: ProjectId) => Promise<number | null>
  /** Called when a request is shown, whether or not anybody is connected: from here people could be notified. */
  onWaiting: (request: ApprovalRequest) => void
  /** Appends to a session's log; the event is durable before it is sent. */
  appendEvent: (sessionId: SessionId, event: SessionEvent) => Promise<void>
  /** Whether the session still skips approvals, asked in the transaction that lets a call pass for it. */
  stillSkips: (transaction: Kysely<Tables>, sessionId: SessionId) => Promise<boolean>
  /** Throws ForbiddenError where the principal may not put a session into the mode. */
  checkMode: (principal: Principal, mode: AgentMode) => void
  /** Called when a decision changes the session's mode. */
  changeMode: (sessionId: SessionId, mode: AgentMode) => Promise<void>
}
