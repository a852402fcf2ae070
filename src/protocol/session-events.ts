import * as z from 'zod/mini'
import { MessageId, ProviderId, RequestId, Seq, SessionId, Sha256, Timestamp, ToolCallId, TurnId } from './ids.ts'
import { Capabilities, ModelOption, ModeOption, PermissionMode } from './providers.ts'
import { SessionState } from './sessions.ts'

/*
 * Every fact that can happen in a session, in one vocabulary for all providers.
 * Invariants: each tool.started is followed by exactly one tool.ended; deltas are hints and the completed text wins;
 * approval ids are never reused; a turn may have no prompt at all; events may still arrive after turn.ended.
 */

const head = {
  v: z.literal(1),
  turnId: z.optional(TurnId),
  /** The tool call of the sub-agent in which this happened; absent for the main conversation. */
  parentId: z.optional(ToolCallId),
}

/** One event kind. */
function fact<const Kind extends string, Fields extends z.core.$ZodLooseShape>(kind: Kind, fields: Fields) {
  return z.object({ ...head, kind: z.literal(kind), ...fields })
}

export const ToolKind = z.enum(['execute', 'edit', 'read', 'search', 'fetch', 'mcp', 'subagent', 'question', 'plan', 'todo', 'other'])
export type ToolKind = z.infer<typeof ToolKind>

export const TokenCounts = z.object({
  input: z.number(),
  cachedInput: z.number(),
  output: z.number(),
  reasoning: z.optional(z.number()),
})

export const TurnOutcome = z.enum(['completed', 'stopped', 'failed', 'limit', 'refused'])
export const ToolStatus = z.enum(['ok', 'error', 'declined', 'cancelled', 'unknown'])
export type ToolStatus = z.infer<typeof ToolStatus>
export const ApprovalOutcome = z.enum(['allowed', 'denied', 'timed-out', 'cancelled'])
export type ApprovalOutcome = z.infer<typeof ApprovalOutcome>

/** Who decided an approval: a person on a device, a rule, or the system (time-out, interrupt, exit). */
export const DecidedBy = z.object({
  kind: z.enum(['user', 'rule', 'system']),
  /** User name, the rule's text, or the reason's short name. */
  name: z.string(),
  userId: z.optional(z.string()),
  device: z.optional(z.string()),
})
export type DecidedBy = z.infer<typeof DecidedBy>

const sessionFacts = [
  fact('session.opened', {
    nativeId: z.optional(z.string()),
    provider: ProviderId,
    cwd: z.string(),
    model: z.nullable(z.string()),
    mode: PermissionMode,
    version: z.nullable(z.string()),
    tools: z.array(z.string()),
    commands: z.array(z.string()),
    models: z.array(ModelOption),
    modes: z.array(ModeOption),
    caps: Capabilities,
  }),
  fact('session.updated', {
    nativeId: z.optional(z.string()),
    model: z.optional(z.nullable(z.string())),
    mode: z.optional(PermissionMode),
    /** With the mode `bypassPermissions`: when it ends. */
    modeUntil: z.optional(z.nullable(Timestamp)),
    title: z.optional(z.string()),
    tools: z.optional(z.array(z.string())),
    commands: z.optional(z.array(z.string())),
    models: z.optional(z.array(ModelOption)),
  }),
  fact('session.rekeyed', { oldNativeId: z.string(), newNativeId: z.string(), reason: z.enum(['clear', 'fork']) }),
  fact('session.state', { state: SessionState, detail: z.optional(z.string()) }),
  fact('session.exited', {
    code: z.nullable(z.number()),
    signal: z.nullable(z.string()),
    stderrTail: z.string(),
    /** True when we ended it ourselves (idle, shutdown). */
    expected: z.boolean(),
  }),
] as const

const conversationFacts = [
  fact('user.message', {
    messageId: MessageId,
    /** The caller's own id of the prompt, so that its optimistic copy is replaced and not doubled. */
    clientId: z.optional(z.string()),
    content: z.array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('text'), text: z.string() }),
        /** The picture itself is not kept in the log. */
        z.object({ type: z.literal('image'), mediaType: z.string(), name: z.optional(z.string()) }),
      ]),
    ),
    /** Sent again with the same `messageId` when the delivery changes. */
    delivery: z.enum(['queued', 'started', 'folded', 'cancelled']),
    origin: z.enum(['user', 'background', 'command', 'import']),
    hidden: z.optional(z.boolean()),
  }),
  fact('turn.started', { origin: z.enum(['user', 'background', 'command']) }),
  fact('turn.ended', {
    outcome: TurnOutcome,
    error: z.optional(z.object({ code: z.string(), status: z.optional(z.number()), message: z.string() })),
    messageIds: z.array(MessageId),
    usage: z.optional(TokenCounts),
    costUsd: z.optional(z.number()),
    durationMs: z.optional(z.number()),
  }),
  fact('block.started', { blockId: z.string(), blockKind: z.enum(['text', 'reasoning']) }),
  fact('block.delta', { blockId: z.string(), text: z.string() }),
  fact('block.completed', { blockId: z.string(), blockKind: z.enum(['text', 'reasoning']), text: z.string() }),
  /** What was streamed of this block is void (a retry starts the message again). */
  fact('block.discarded', { blockId: z.string(), reason: z.string() }),
] as const

const toolFacts = [
  fact('tool.started', {
    toolCallId: ToolCallId,
    /** The agent's exact name of the tool. */
    name: z.string(),
    toolKind: ToolKind,
    /** One line for a person, such as the command or the path. */
    title: z.string(),
    input: z.optional(z.unknown()),
    locations: z.array(z.string()),
  }),
  /** The input as it forms (`delta`, raw JSON text), then once whole (`input`). */
  fact('tool.input', {
    toolCallId: ToolCallId,
    delta: z.optional(z.string()),
    input: z.optional(z.unknown()),
    title: z.optional(z.string()),
    locations: z.optional(z.array(z.string())),
  }),
  fact('tool.output', {
    toolCallId: ToolCallId,
    mode: z.enum(['append', 'replace']),
    text: z.string(),
    truncated: z.boolean(),
  }),
  fact('tool.diff', {
    toolCallId: ToolCallId,
    path: z.string(),
    change: z.enum(['add', 'update', 'delete', 'move']),
    oldText: z.optional(z.string()),
    newText: z.optional(z.string()),
    /** A unified diff without file headers. */
    unified: z.optional(z.string()),
  }),
  fact('tool.ended', {
    toolCallId: ToolCallId,
    status: ToolStatus,
    exitCode: z.optional(z.number()),
    result: z.optional(z.unknown()),
    decidedBy: z.optional(z.string()),
    durationMs: z.optional(z.number()),
  }),
  fact('turn.diff', { unified: z.string() }),
] as const

const decisionFacts = [
  fact('approval.requested', {
    approvalId: RequestId,
    toolCallId: z.optional(ToolCallId),
    agentId: z.optional(z.string()),
    approvalKind: z.enum(['command', 'edit', 'tool', 'question', 'plan']),
    title: z.string(),
    reason: z.optional(z.string()),
    toolName: z.string(),
    input: z.unknown(),
    inputHash: z.string(),
    expiresAt: z.nullable(Timestamp),
  }),
  fact('approval.resolved', {
    approvalId: RequestId,
    toolCallId: z.optional(ToolCallId),
    outcome: ApprovalOutcome,
    by: DecidedBy,
    message: z.optional(z.string()),
    /** Present when a person edited the input; it is what ran. */
    updatedInput: z.optional(z.unknown()),
    /** SHA-256 of the canonical JSON of tool, edited input, session and working directory. */
    editedInputHash: z.optional(Sha256),
  }),
] as const

const progressFacts = [
  fact('plan.updated', {
    markdown: z.optional(z.string()),
    entries: z.optional(
      z.array(z.object({ text: z.string(), status: z.enum(['pending', 'in_progress', 'completed']), activeText: z.optional(z.string()) })),
    ),
    file: z.optional(z.string()),
  }),
  fact('task.started', taskFields()),
  fact('task.updated', taskFields()),
  fact('task.ended', taskFields()),
  fact('usage.updated', {
    contextUsed: z.optional(z.number()),
    contextWindow: z.optional(z.number()),
    tokens: z.optional(TokenCounts),
    costUsd: z.optional(z.number()),
    /** True: totals of the session; false: of this turn alone. */
    cumulative: z.boolean(),
  }),
  fact('notice', {
    level: z.enum(['info', 'warning', 'error']),
    code: z.enum(['retry', 'rate_limit', 'auth', 'config', 'permission_denied', 'refusal', 'warning', 'info']),
    text: z.string(),
    retry: z.optional(z.object({ attempt: z.number(), max: z.number(), delayMs: z.number() })),
  }),
  fact('compaction', {
    trigger: z.enum(['manual', 'auto']),
    preTokens: z.optional(z.number()),
    postTokens: z.optional(z.number()),
    summary: z.optional(z.string()),
  }),
  fact('checkpoint', { messageId: MessageId, canRewind: z.boolean() }),
  /** Something the adapter does not know, kept for whoever looks; at most 16 KiB. */
  fact('native.raw', { payload: z.unknown() }),
] as const

function taskFields() {
  return {
    taskId: z.string(),
    toolCallId: z.optional(ToolCallId),
    taskKind: z.enum(['subagent', 'shell', 'workflow']),
    background: z.boolean(),
    status: z.enum(['running', 'completed', 'failed', 'stopped']),
    title: z.optional(z.string()),
    summary: z.optional(z.string()),
  }
}

export const SessionEvent = z.discriminatedUnion('kind', [
  ...sessionFacts,
  ...conversationFacts,
  ...toolFacts,
  ...decisionFacts,
  ...progressFacts,
])
export type SessionEvent = z.infer<typeof SessionEvent>

/** The event of one kind, as in `EventOf<'tool.started'>`. */
export type EventOf<Kind extends SessionEvent['kind']> = Extract<SessionEvent, { kind: Kind }>

/** An event with its place in the session's log, as it is stored, listed and sent. */
export const SequencedEvent = z.object({ sessionId: SessionId, seq: Seq, at: Timestamp, event: SessionEvent })
export type SequencedEvent = z.infer<typeof SequencedEvent>
