import * as z from 'zod/mini'
import { ProjectId, ProviderId, Seq, SessionId, Timestamp, UserId } from './ids.ts'
import { ModeMinutes, PermissionMode } from './providers.ts'

/**
 * Where a session is. `interrupted`: the server or the agent's process died during a turn; a prompt resumes it.
 * `exited`: the agent's process is gone and nothing was running (idle retirement); a prompt starts it again.
 */
export const SessionState = z.enum(['starting', 'idle', 'running', 'requires_action', 'compacting', 'retrying', 'interrupted', 'exited'])
export type SessionState = z.infer<typeof SessionState>

/** Running totals of a session. Counts are tokens. */
export const Usage = z.object({
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.nullable(z.number()),
  /** How much of the model's window the conversation fills, where the agent tells. */
  contextUsed: z.nullable(z.number()),
  contextWindow: z.nullable(z.number()),
})
export type Usage = z.infer<typeof Usage>

export const Session = z.object({
  id: SessionId,
  provider: ProviderId,
  projectId: ProjectId,
  /** Whose it is: nobody else may prompt, change or decide in it. Absent from a server that knew one user. */
  startedBy: z.optional(z.object({ id: UserId, username: z.string() })),
  title: z.string(),
  state: SessionState,
  mode: PermissionMode,
  /** Until when approvals are skipped; null in every other mode. */
  modeUntil: z._default(z.nullable(Timestamp), null),
  /** Null: the provider's default. */
  model: z.nullable(z.string()),
  usage: z.nullable(Usage),
  /** Number of the newest event. */
  lastSeq: Seq,
  /** How many approvals wait for a person. */
  pendingApprovals: z.number(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Session = z.infer<typeof Session>

/** `PATCH /api/sessions/:sessionId`. */
export const UpdateSession = z.strictObject({
  title: z.optional(z.string().check(z.trim(), z.minLength(1, 'is required'), z.maxLength(200))),
  /** `bypassPermissions` needs an owner, the policy's leave and a fresh proof. */
  mode: z.optional(PermissionMode),
  /** With the mode `bypassPermissions`: for how long; 30 where absent. */
  modeMinutes: z.optional(ModeMinutes),
  model: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(200)))),
})
export type UpdateSession = z.infer<typeof UpdateSession>

/** `GET /api/sessions/:sessionId/events`. */
export const EventsQuery = z.object({
  after: z._default(z.coerce.number().check(z.int(), z.nonnegative()), 0),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(5000)), 1000),
})
