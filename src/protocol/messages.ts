import * as z from 'zod/mini'
import { ApprovalRequest, ApprovalResolution, FreezeState, permissionExtendFields, permissionResponseFields } from './approvals.ts'
import { Problem } from './errors.ts'
import { AccountNotice } from './logins.ts'
import { ClientId, ProjectId, ProviderId, RequestId, Seq, SessionId } from './ids.ts'
import { Project } from './projects.ts'
import { ModeMinutes, PermissionMode } from './providers.ts'
import { SequencedEvent } from './session-events.ts'
import { Session } from './sessions.ts'

/*
 * The `/ws` socket. Strict towards the server: an unknown field is refused. Tolerant towards the browser: it ignores
 * fields and types it does not know, so that a newer server can still be talked to until the page is reloaded.
 */

/** The longest prompt, in characters. */
export const MAX_PROMPT_LENGTH = 512 * 1024

const Prompt = z.string().check(
  z.maxLength(MAX_PROMPT_LENGTH, `is longer than ${String(MAX_PROMPT_LENGTH)} characters`),
  z.refine((text) => text.trim() !== '', 'is empty'),
)

/** A picture beside a prompt. The whole message stays under the socket's limit of 1 MiB. */
export const Attachment = z.strictObject({
  kind: z.literal('image'),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  /** Base64. */
  data: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64'), z.maxLength(1_000_000)),
  name: z.optional(z.string().check(z.maxLength(255))),
})
export type Attachment = z.infer<typeof Attachment>

const Attachments = z.array(Attachment).check(z.maxLength(10))

export const SessionStart = z.strictObject({
  type: z.literal('session-start'),
  clientId: ClientId,
  provider: ProviderId,
  projectId: ProjectId,
  prompt: Prompt,
  options: z.optional(
    z.strictObject({
      model: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      mode: z.optional(PermissionMode),
      /** With the mode `bypassPermissions`: for how long; 30 where absent. */
      modeMinutes: z.optional(ModeMinutes),
      thinking: z.optional(z.boolean()),
      attachments: z.optional(Attachments),
    }),
  ),
})
export type SessionStart = z.infer<typeof SessionStart>

export const SessionPrompt = z.strictObject({
  type: z.literal('session-prompt'),
  clientId: ClientId,
  sessionId: SessionId,
  prompt: Prompt,
  attachments: z.optional(Attachments),
})
export type SessionPrompt = z.infer<typeof SessionPrompt>

export const ClientMessage = z.discriminatedUnion('type', [
  SessionStart,
  SessionPrompt,
  z.strictObject({ type: z.literal('session-interrupt'), sessionId: SessionId }),
  z.strictObject({
    type: z.literal('session-subscribe'),
    sessionId: SessionId,
    /** The last event already held; absent or 0 asks for all of them. */
    afterSeq: z.optional(Seq),
  }),
  z.strictObject({ type: z.literal('session-unsubscribe'), sessionId: SessionId }),
  z.strictObject({ type: z.literal('claude-permission-response'), ...permissionResponseFields }),
  z.strictObject({ type: z.literal('codex-permission-response'), ...permissionResponseFields }),
  z.strictObject({ type: z.literal('permission-extend'), ...permissionExtendFields }),
  z.strictObject({ type: z.literal('ping') }),
])
export type ClientMessage = z.infer<typeof ClientMessage>

const sessionEventMessage = z.extend(SequencedEvent, { type: z.literal('session-event') })

export const ServerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session-started'),
    clientId: ClientId,
    sessionId: SessionId,
    provider: ProviderId,
    projectId: ProjectId,
  }),
  sessionEventMessage,
  /** Sent after a replay: everything up to `seq` has been sent. */
  z.object({ type: z.literal('session-subscribed'), sessionId: SessionId, seq: Seq }),
  z.extend(ApprovalRequest, { type: z.literal('claude-permission-request') }),
  z.extend(ApprovalRequest, { type: z.literal('codex-permission-request') }),
  z.extend(ApprovalResolution, { type: z.literal('permission-resolved') }),
  /** Everything was frozen or released. */
  z.extend(FreezeState, { type: z.literal('frozen') }),
  z.object({ type: z.literal('projects-updated'), project: z.optional(Project), removedId: z.optional(ProjectId) }),
  z.object({ type: z.literal('sessions-updated'), session: z.optional(Session), removedId: z.optional(SessionId) }),
  /** Something about the account that its owner should see, such as a new device. */
  z.object({ type: z.literal('account-notice'), notice: AccountNotice }),
  z.extend(Problem, {
    type: z.literal('error'),
    /** What the failed message spoke of, where it did. */
    clientId: z.optional(ClientId),
    sessionId: z.optional(SessionId),
    requestId: z.optional(RequestId),
  }),
  z.object({ type: z.literal('pong') }),
])
export type ServerMessage = z.infer<typeof ServerMessage>
