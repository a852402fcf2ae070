import type { Capabilities, ModelOption, ModeOption, PermissionMode } from '#protocol/providers'
import type { EventOf } from '#protocol/session-events'
import type { SessionState, Usage } from '#protocol/sessions'
import { append, type ChunkedList, elementAt, emptyList, replaceAt } from './chunked-list.ts'
import type { PlanItem, PromptItem, SessionItem, ToolItem } from './items.ts'

/** An approval that waits for a person, as the log tells it. */
export interface OpenApproval {
  readonly approvalId: EventOf<'approval.requested'>['approvalId']
  readonly toolCallId: EventOf<'approval.requested'>['toolCallId'] | null
  readonly approvalKind: EventOf<'approval.requested'>['approvalKind']
  readonly title: string
  readonly toolName: string
  readonly input: unknown
  readonly inputHash: string
  readonly expiresAt: string | null
  readonly requestedAt: string
}

export interface RunningTurn {
  /** Null where the agent does not name its turns. */
  readonly turnId: EventOf<'turn.started'>['turnId'] | null
  readonly origin: EventOf<'turn.started'>['origin']
  readonly startedAt: string
  /** Unified diff of what the turn changed so far. */
  readonly diff: string | null
}

export interface SessionExit {
  readonly code: number | null
  readonly signal: string | null
  readonly stderrTail: string
  readonly isExpected: boolean
  readonly at: string
}

/** A session as its events tell it. Immutable; made by `initialSessionView` and `applyEvent` alone. */
export interface SessionView {
  /** Number of the newest event applied. */
  readonly lastSeq: number
  /** When that event happened; null before the first. */
  readonly lastEventAt: string | null
  readonly state: SessionState
  readonly stateDetail: string | null
  /** When it came into that state; null before the first event. */
  readonly stateSince: string | null
  readonly provider: string | null
  readonly cwd: string | null
  readonly title: string | null
  /** Null: the provider's default. */
  readonly model: string | null
  readonly mode: PermissionMode
  readonly models: readonly ModelOption[]
  readonly modes: readonly ModeOption[]
  readonly commands: readonly string[]
  readonly caps: Capabilities | null
  readonly usage: Usage | null
  /** Every item, those of sub-agents included, in the order in which they began. */
  readonly items: ChunkedList<SessionItem>
  /** Changes its identity whenever an item was added, or one changed what lists are made from (hidden, discarded, tool kind). */
  readonly structure: object
  /** Prompts that wait for the running turn to end. */
  readonly queued: readonly PromptItem[]
  /** The latest plan of the main conversation. */
  readonly plan: PlanItem | null
  readonly turn: RunningTurn | null
  /** Item ids of the tool calls that have not ended. */
  readonly openToolIds: readonly string[]
  readonly openApprovals: ReadonlyMap<string, OpenApproval>
  /** How the agent's process ended, until it runs again. */
  readonly exit: SessionExit | null
  /** True once the agent told totals, so that a turn's counts need not be added up. */
  readonly hasTotals: boolean
  /**
   * Where each item is. Shared by successive views and only ever appended to; a view reads no further than its own
   * items, and one that is no longer the newest copies before it appends.
   */
  readonly positions: Map<string, number>
}

/** What every reducer needs to know of the event beside its own fields. */
export interface EventPlace {
  readonly at: string
  readonly seq: number
  readonly turnId: string | null
  /** Item id of the sub-agent's tool call, where it is known. */
  readonly parentId: string | null
}

/** A session before its first event. */
export function initialSessionView(): SessionView {
  return {
    lastSeq: 0,
    lastEventAt: null,
    state: 'starting',
    stateDetail: null,
    stateSince: null,
    provider: null,
    cwd: null,
    title: null,
    model: null,
    mode: 'default',
    models: [],
    modes: [],
    commands: [],
    caps: null,
    usage: null,
    items: emptyList,
    structure: {},
    queued: [],
    plan: null,
    turn: null,
    openToolIds: [],
    openApprovals: new Map(),
    exit: null,
    hasTotals: false,
    positions: new Map(),
  }
}

function positionOf(view: SessionView, itemId: string): number | undefined {
  const position = view.positions.get(itemId)
  return position !== undefined && position < view.items.length ? position : undefined
}

export function findItem(view: SessionView, itemId: string): SessionItem | undefined {
  const position = positionOf(view, itemId)
  return position === undefined ? undefined : elementAt(view.items, position)
}

export function findTool(view: SessionView, itemId: string): ToolItem | undefined {
  const item = findItem(view, itemId)
  return item?.kind === 'tool' ? item : undefined
}

export function toolItemId(toolCallId: string): string {
  return `tool:${toolCallId}`
}

function withPosition(view: SessionView, itemId: string): Map<string, number> {
  const { positions, items } = view
  const own = positions.size === items.length ? positions : new Map([...positions].slice(0, items.length))
  return own.set(itemId, items.length)
}

/** The view with a new item at its end. The item's id must be unknown to the view. */
export function addItem(view: SessionView, item: SessionItem): SessionView {
  const added = { ...view, items: append(view.items, item), positions: withPosition(view, item.id), structure: {} }
  if (item.parentId === null) return added
  return updateTool(added, item.parentId, (parent) => ({ ...parent, childIds: [...parent.childIds, item.id] }))
}

/** The view with `item` in the place of the one with the same id. */
export function replaceItem(view: SessionView, item: SessionItem): SessionView {
  const position = positionOf(view, item.id)
  return position === undefined ? view : { ...view, items: replaceAt(view.items, position, item) }
}

export function putItem(view: SessionView, item: SessionItem): SessionView {
  return positionOf(view, item.id) === undefined ? addItem(view, item) : replaceItem(view, item)
}

function updateTool(view: SessionView, itemId: string, change: (tool: ToolItem) => ToolItem): SessionView {
  const tool = findTool(view, itemId)
  return tool === undefined ? view : replaceItem(view, change(tool))
}

/** Milliseconds between two times of the log, never negative. */
export function elapsedMs(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from))
}
