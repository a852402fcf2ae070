import type { EventOf, SequencedEvent, SessionEvent } from '#protocol/session-events'
import { toArray } from './session-view/chunked-list.ts'
import {
  reduceBlockCompleted,
  reduceBlockDelta,
  reduceBlockDiscarded,
  reduceBlockStarted,
  reduceTurnDiff,
  reduceTurnEnded,
  reduceTurnStarted,
  reduceUserMessage,
} from './session-view/conversation-facts.ts'
import { reduceApprovalRequested, reduceApprovalResolved } from './session-view/decision-facts.ts'
import type { SessionItem, ToolItem } from './session-view/items.ts'
import { reduceCompaction, reduceNotice, reducePlan } from './session-view/progress-facts.ts'
import { reduceExited, reduceOpened, reduceRekeyed, reduceState, reduceUpdated } from './session-view/session-facts.ts'
import { type EventPlace, findTool, type OpenApproval, type SessionView, toolItemId } from './session-view/session-view.ts'
import {
  reduceTask,
  reduceToolDiff,
  reduceToolEnded,
  reduceToolInput,
  reduceToolOutput,
  reduceToolStarted,
} from './session-view/tool-facts.ts'
import { reduceUsage } from './session-view/usage.ts'

export { initialSessionView } from './session-view/session-view.ts'
export type { SessionView }

type Kind = SessionEvent['kind']
type EventsByKind = { [K in Kind]: EventOf<K> }
type Reducers = { readonly [K in Kind]: (view: SessionView, event: EventsByKind[K], place: EventPlace) => SessionView }

const unchanged = (view: SessionView): SessionView => view

const reducers: Reducers = {
  'session.opened': reduceOpened,
  'session.updated': reduceUpdated,
  'session.rekeyed': reduceRekeyed,
  'session.state': reduceState,
  'session.exited': reduceExited,
  'user.message': reduceUserMessage,
  'turn.started': reduceTurnStarted,
  'turn.ended': reduceTurnEnded,
  'turn.diff': reduceTurnDiff,
  'block.started': reduceBlockStarted,
  'block.delta': reduceBlockDelta,
  'block.completed': reduceBlockCompleted,
  'block.discarded': reduceBlockDiscarded,
  'tool.started': reduceToolStarted,
  'tool.input': reduceToolInput,
  'tool.output': reduceToolOutput,
  'tool.diff': reduceToolDiff,
  'tool.ended': reduceToolEnded,
  'approval.requested': reduceApprovalRequested,
  'approval.resolved': reduceApprovalResolved,
  'plan.updated': reducePlan,
  'task.started': reduceTask,
  'task.updated': reduceTask,
  'task.ended': reduceTask,
  'usage.updated': reduceUsage,
  notice: reduceNotice,
  compaction: reduceCompaction,
  checkpoint: unchanged,
  'native.raw': unchanged,
}

function reduce<K extends Kind>(view: SessionView, kind: K, event: EventsByKind[K], place: EventPlace): SessionView {
  return reducers[kind](view, event, place)
}

function placeOf(view: SessionView, { at, seq, event }: SequencedEvent): EventPlace {
  const parentId = event.parentId === undefined ? null : toolItemId(event.parentId)
  const isKnown = parentId !== null && findTool(view, parentId) !== undefined
  return { at, seq, turnId: event.turnId ?? null, parentId: isKnown ? parentId : null }
}

/**
 * The session after one more event. Pure; events must come in the order of their `seq`, and one that was applied
 * before changes nothing. Costs the same whatever the session's length; items that the event does not touch keep
 * their identity.
 */
export function applyEvent(view: SessionView, sequenced: SequencedEvent): SessionView {
  if (sequenced.seq <= view.lastSeq) return view
  const { event, seq, at } = sequenced
  return { ...reduce(view, event.kind, event, placeOf(view, sequenced)), lastSeq: seq, lastEventAt: at }
}

/** All items in order, those of sub-agents included. */
export function itemsOf(view: SessionView): SessionItem[] {
  return toArray(view.items)
}

/** The tool calls that have started and not ended, oldest first. */
export function openToolCalls(view: SessionView): ToolItem[] {
  return view.openToolIds.flatMap((id) => findTool(view, id) ?? [])
}

/** The approvals that wait for a person, oldest first. */
export function openApprovals(view: SessionView): OpenApproval[] {
  return [...view.openApprovals.values()]
}
