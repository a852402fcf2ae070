import type { DecidedBy, EventOf, ToolKind, ToolStatus } from '#protocol/session-events'

/** What every item has. An item that no event touches keeps its identity from one view to the next. */
interface ItemBase {
  /** Unique in the session and stable: a key for lists. */
  readonly id: string
  /** When it began, as the log says. */
  readonly at: string
  readonly turnId: string | null
  /** The item of the sub-agent's tool call in which this happened; null in the main conversation. */
  readonly parentId: string | null
}

export interface PromptItem extends ItemBase {
  readonly kind: 'prompt'
  readonly messageId: string
  readonly clientId: string | null
  readonly content: EventOf<'user.message'>['content']
  readonly delivery: EventOf<'user.message'>['delivery']
  readonly origin: EventOf<'user.message'>['origin']
  readonly isHidden: boolean
}

/** Prose or thinking of the agent. */
export interface BlockItem extends ItemBase {
  readonly kind: 'text' | 'reasoning'
  readonly text: string
  readonly isComplete: boolean
  /** What was streamed is void: a retry started the message again. */
  readonly isDiscarded: boolean
  /** From its first event to its completion. */
  readonly durationMs: number | null
}

export type ToolDiff = Pick<EventOf<'tool.diff'>, 'path' | 'change' | 'oldText' | 'newText' | 'unified'>

/** Where an approval of a tool call stands; `outcome` is null while it waits for a person. */
export interface ApprovalMark {
  readonly approvalId: string
  readonly outcome: EventOf<'approval.resolved'>['outcome'] | null
  readonly by: DecidedBy | null
  readonly message: string | null
  /** True when a person changed the input that ran. */
  readonly isEdited: boolean
}

export type TaskMark = Pick<EventOf<'task.updated'>, 'taskId' | 'taskKind' | 'background' | 'status' | 'title' | 'summary'>

export interface ToolItem extends ItemBase {
  readonly kind: 'tool'
  readonly toolCallId: string
  readonly name: string
  readonly toolKind: ToolKind
  readonly title: string
  readonly locations: readonly string[]
  /** Raw JSON text of the input as it forms; empty once `input` is known. */
  readonly inputText: string
  /** The whole input; undefined while it forms. */
  readonly input: unknown
  readonly output: string
  readonly isOutputTruncated: boolean
  readonly diffs: readonly ToolDiff[]
  /** `running` until it ended. */
  readonly status: ToolStatus | 'running'
  readonly exitCode: number | null
  readonly result: unknown
  readonly durationMs: number | null
  /** The newest approval of this call. */
  readonly approval: ApprovalMark | null
  /** The sub-agent, shell or workflow that it started, which may outlive the call. */
  readonly task: TaskMark | null
  /** Ids of the items of the sub-agent that it started, in order. */
  readonly childIds: readonly string[]
}

export type PlanEntry = NonNullable<EventOf<'plan.updated'>['entries']>[number]

export interface PlanItem extends ItemBase {
  readonly kind: 'plan'
  readonly markdown: string | null
  readonly entries: readonly PlanEntry[]
}

export interface NoticeItem extends ItemBase {
  readonly kind: 'notice'
  readonly level: EventOf<'notice'>['level']
  readonly code: EventOf<'notice'>['code'] | 'cleared'
  readonly text: string
  readonly retry: NonNullable<EventOf<'notice'>['retry']> | null
  /** When its newest event came: a retry notice is updated in place. */
  readonly updatedAt: string
}

export interface CompactionItem extends ItemBase {
  readonly kind: 'compaction'
  readonly trigger: EventOf<'compaction'>['trigger']
  readonly preTokens: number | null
  readonly postTokens: number | null
  readonly summary: string | null
}

/** An approval whose tool call is not in the log. */
export interface ApprovalItem extends ItemBase {
  readonly kind: 'approval'
  readonly title: string
  readonly approval: ApprovalMark
}

/** The end of a turn. */
export interface TurnItem extends ItemBase {
  readonly kind: 'turn'
  readonly outcome: EventOf<'turn.ended'>['outcome']
  readonly error: NonNullable<EventOf<'turn.ended'>['error']> | null
  readonly usage: NonNullable<EventOf<'turn.ended'>['usage']> | null
  readonly costUsd: number | null
  readonly durationMs: number | null
  /** Unified diff of all that the turn changed, where the agent tells. */
  readonly diff: string | null
}

/** The agent's process ended without being asked to. */
export interface ExitItem extends ItemBase {
  readonly kind: 'exit'
  readonly code: number | null
  readonly signal: string | null
  readonly stderrTail: string
}

export type SessionItem = PromptItem | BlockItem | ToolItem | PlanItem | NoticeItem | CompactionItem | ApprovalItem | TurnItem | ExitItem
