import * as z from 'zod/mini'
import { ProjectId, ProviderId, RequestId, SessionId, Sha256, Timestamp, ToolCallId } from './ids.ts'
import { PageQuery } from './lists.ts'
import { RuleDraft } from './policy.ts'
import { AgentMode } from './providers.ts'
import { ApprovalOutcome, DecidedBy } from './session-events.ts'

/** What the tool would do, worked out by the server from the input that is hashed and handed on. */
export const ApprovalPreview = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string() }),
  z.object({
    kind: z.literal('edit'),
    path: z.string(),
    /** Null: the file does not exist yet. */
    oldText: z.nullable(z.string()),
    newText: z.string(),
    /** True when either text was cut, so the difference shown is not all of it. */
    truncated: z.boolean(),
  }),
  z.object({ kind: z.literal('url'), url: z.string() }),
])
export type ApprovalPreview = z.infer<typeof ApprovalPreview>

/** How long a decision is remembered: until the turn ends, until the session is removed, for 24 hours, or for good. */
export const RememberFor = z.enum(['turn', 'session', 'day', 'forever'])
export type RememberFor = z.infer<typeof RememberFor>

/** A wider grant that a person may choose with the decision, spelled out literally. */
export const ApprovalSuggestion = z.object({
  /** Sent back as `remember`. */
  id: z.string(),
  label: z.string(),
  /** What will not be asked again, literally, such as `Bash: npm test`. */
  rule: z.string(),
  /** One sentence: what it would allow from now on, and where. */
  sentence: z.string(),
  /** What may be sent back as `rememberFor`, the shortest first. */
  lifetimes: z.array(RememberFor),
  /** The rule as it would be saved for good, to be replayed over past calls; none where the mode changes instead. */
  draft: z.optional(RuleDraft),
  /** The mode that the session changes to instead. */
  mode: z.optional(AgentMode),
})
export type ApprovalSuggestion = z.infer<typeof ApprovalSuggestion>

/** What a decision is bound to besides the input: it is refused as stale once one of these is not as it was shown. */
export const BoundFacts = z.object({
  /** `identity`: real path and number, for comparing alone. */
  cwd: z.object({ path: z.string(), identity: z.string() }),
  /** What runs under the names of a command's programs, where that can be told. */
  programs: z.array(z.object({ name: z.string(), path: z.string(), identity: z.string() })),
  /** Names of the environment variables that the call sets. */
  environment: z.array(z.string()),
  /** Files that the call names or writes. `content`: SHA-256, `absent`, or for one too large to read what its entry says. */
  files: z.array(z.object({ path: z.string(), content: z.string() })),
})
export type BoundFacts = z.infer<typeof BoundFacts>

/** Where a call seems to reach, for a person to see; nothing is decided by it. */
export const CallTargets = z.object({
  /** Sites that it names. */
  hosts: z.array(z.string()),
  /** Paths that it names and that lead out of the project, as it names them or as they lead through links. */
  outside: z.array(z.string()),
})
export type CallTargets = z.infer<typeof CallTargets>

/** A tool call that waits for a person: the fields of `claude-permission-request`. */
export const ApprovalRequest = z.object({
  requestId: RequestId,
  sessionId: SessionId,
  provider: ProviderId,
  projectId: ProjectId,
  approvalKind: z.enum(['command', 'edit', 'tool', 'question', 'plan']),
  toolName: z.string(),
  toolInput: z.unknown(),
  /** SHA-256 of the canonical JSON (RFC 8785) of tool, input, session and working directory. */
  inputHash: Sha256,
  toolCallId: z.optional(ToolCallId),
  /** The sub-agent that asks, where it is one. */
  agentId: z.optional(z.string()),
  cwd: z.string(),
  /** The agent's own words about the call: shown as such, never believed. */
  description: z.optional(z.string()),
  createdAt: Timestamp,
  /** Null: waits as long as the session lives. */
  expiresAt: z.nullable(Timestamp),
  risk: z.object({ level: z.enum(['low', 'medium', 'high']), reasons: z.array(z.string()) }),
  preview: z.optional(ApprovalPreview),
  bound: z.optional(BoundFacts),
  /** Left out where none was found. */
  targets: z.optional(CallTargets),
  suggestions: z.array(ApprovalSuggestion),
  /** Whether `updatedInput` is accepted. */
  canEditInput: z.boolean(),
})
export type ApprovalRequest = z.infer<typeof ApprovalRequest>

/** A person's answer, by HTTP or WebSocket. */
const decisionFields = {
  allow: z.boolean(),
  /** The hash of what the person saw; another one is refused. Required over HTTP. */
  inputHash: z.optional(Sha256),
  /** The input as the person edited it; runs instead of the agent's. */
  updatedInput: z.optional(z.record(z.string(), z.unknown())),
  /** With a denial: reaches the agent. */
  reason: z.optional(z.string().check(z.maxLength(4000))),
  /** `true` or `"session"`: the narrowest grant; otherwise a suggestion's id. */
  remember: z.optional(z.union([z.boolean(), z.string().check(z.maxLength(200))])),
  /** With `remember`; for the session where it is left out. */
  rememberFor: z.optional(RememberFor),
}

export const ApprovalDecision = z.strictObject(decisionFields)
export type ApprovalDecision = z.infer<typeof ApprovalDecision>

/** Body of `POST /api/approvals/:requestId`. */
export const ApprovalDecisionBody = z.strictObject({ ...decisionFields, inputHash: Sha256 })

/** The WebSocket's permission response of any provider, its `type` aside. */
export const permissionResponseFields = { requestId: RequestId, ...decisionFields }

const seconds = z.int().check(z.minimum(60), z.maximum(3600))

/** Body of `POST /api/approvals/:requestId/extend`: seconds to wait longer, a day at most in all. */
export const ExtendApproval = z.strictObject({ seconds })

/** The WebSocket's `permission-extend`, its `type` aside. */
export const permissionExtendFields = { requestId: RequestId, seconds }

/** How a request ended: the fields of `permission-resolved`. */
export const ApprovalResolution = z.object({
  requestId: RequestId,
  sessionId: SessionId,
  outcome: ApprovalOutcome,
  by: DecidedBy,
  at: Timestamp,
})
export type ApprovalResolution = z.infer<typeof ApprovalResolution>

export const ApprovalsQuery = z.object({ status: z._default(z.enum(['pending']), 'pending') })

/** `GET /api/approvals/decided`: newest first. Every filter that is there must fit. */
export const DecidedQuery = z.extend(PageQuery, {
  project: z.optional(ProjectId),
  outcome: z.optional(ApprovalOutcome),
  /** Who or what decided. */
  by: z.optional(z.enum(['user', 'rule', 'system'])),
  /** Part of the tool's name, its input, or the name of who decided; letters of either case. */
  text: z.optional(z.string().check(z.maxLength(200))),
})
export type DecidedQuery = z.infer<typeof DecidedQuery>

/** A request that is decided, in short. */
export const DecidedApproval = z.object({
  requestId: RequestId,
  sessionId: SessionId,
  projectId: ProjectId,
  provider: ProviderId,
  /** Whose session asked. */
  owner: z.string(),
  approvalKind: ApprovalRequest.shape.approvalKind,
  toolName: z.string(),
  /** The command, path or address, cut where it is long. */
  title: z.string(),
  risk: ApprovalRequest.shape.risk.shape.level,
  createdAt: Timestamp,
  outcome: ApprovalOutcome,
  by: DecidedBy,
  at: Timestamp,
  /** What the agent was told with a denial. */
  reason: z.nullable(z.string()),
  /** Whether a person changed the input. */
  edited: z.boolean(),
})
export type DecidedApproval = z.infer<typeof DecidedApproval>

/** Answer to `POST /api/approvals/:requestId`. */
export const ApprovalOutcomeBody = z.object({ outcome: ApprovalOutcome })

/** Whether everything is frozen: every call is denied and nothing is started. */
export const FreezeState = z.object({
  frozen: z.boolean(),
  /** Who froze it and when; null while it is not. */
  by: z.nullable(z.string()),
  at: z.nullable(Timestamp),
  reason: z.nullable(z.string()),
})
export type FreezeState = z.infer<typeof FreezeState>

/** `POST /api/approvals/freeze`. Released by `DELETE`, which needs a fresh factor. */
export const FreezeRequest = z.strictObject({
  frozen: z.optional(z.literal(true)),
  reason: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(500))),
})
export type FreezeRequest = z.infer<typeof FreezeRequest>

/** The message type that carries a provider's requests; every provider has its own prefix (contract, section 4). */
export function permissionRequestType(provider: ProviderId): 'claude-permission-request' | 'codex-permission-request' {
  return provider === 'codex' ? 'codex-permission-request' : 'claude-permission-request'
}
