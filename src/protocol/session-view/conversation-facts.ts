import type { EventOf } from '#protocol/session-events'
import type { BlockItem, PromptItem } from './items.ts'
import { itemHead } from './session-facts.ts'
import { addItem, elapsedMs, type EventPlace, findItem, putItem, type RunningTurn, replaceItem, type SessionView } from './session-view.ts'
import { addTurnUsage } from './usage.ts'

/** A prompt waits in the queue until the agent takes it; only then it gets its place in the conversation. */
export function reduceUserMessage(view: SessionView, event: EventOf<'user.message'>, place: EventPlace): SessionView {
  const id = `prompt:${event.messageId}`
  const known = findItem(view, id)
  const prompt: PromptItem = {
    ...(known ?? itemHead(id, place)),
    kind: 'prompt',
    messageId: event.messageId,
    clientId: event.clientId ?? null,
    content: event.content,
    delivery: event.delivery,
    origin: event.origin,
    isHidden: event.hidden ?? false,
  }
  if (known !== undefined) return replaceItem(view, prompt)
  const others = view.queued.filter((queued) => queued.id !== id)
  if (event.delivery === 'queued') return { ...view, queued: [...others, prompt] }
  return addItem(others.length === view.queued.length ? view : { ...view, queued: others }, prompt)
}

export function reduceTurnStarted(view: SessionView, event: EventOf<'turn.started'>, place: EventPlace): SessionView {
  if (event.parentId !== undefined) return view
  return { ...view, turn: { turnId: event.turnId ?? null, origin: event.origin, startedAt: place.at, diff: null } }
}

/** The running turn, if it is the one that the event ends. */
function turnEndedBy(view: SessionView, event: EventOf<'turn.ended'>): RunningTurn | null {
  const { turn } = view
  if (turn === null || turn.turnId === null || event.turnId === undefined) return turn
  return turn.turnId === event.turnId ? turn : null
}

export function reduceTurnEnded(view: SessionView, event: EventOf<'turn.ended'>, place: EventPlace): SessionView {
  if (event.parentId !== undefined) return view
  const turn = turnEndedBy(view, event)
  const measuredMs = turn === null ? null : elapsedMs(turn.startedAt, place.at)
  const ended = addItem(addTurnUsage(view, event), {
    ...itemHead(`turn:${String(place.seq)}`, place),
    kind: 'turn',
    outcome: event.outcome,
    error: event.error ?? null,
    usage: event.usage ?? null,
    costUsd: event.costUsd ?? null,
    durationMs: event.durationMs ?? measuredMs,
    diff: turn?.diff ?? null,
  })
  return turn === null ? ended : { ...ended, turn: null }
}

export function reduceTurnDiff(view: SessionView, event: EventOf<'turn.diff'>): SessionView {
  return view.turn === null ? view : { ...view, turn: { ...view.turn, diff: event.unified } }
}

function blockItemId(blockId: string): string {
  return `block:${blockId}`
}

function newBlock(blockId: string, kind: BlockItem['kind'], place: EventPlace): BlockItem {
  return { ...itemHead(blockItemId(blockId), place), kind, text: '', isComplete: false, isDiscarded: false, durationMs: null }
}

function findBlock(view: SessionView, blockId: string): BlockItem | undefined {
  const item = findItem(view, blockItemId(blockId))
  return item?.kind === 'text' || item?.kind === 'reasoning' ? item : undefined
}

/** Puts a block whose place in lists may have changed with it. */
function putBlock(view: SessionView, known: BlockItem | undefined, block: BlockItem): SessionView {
  const put = putItem(view, block)
  const isListedAlike = known?.isDiscarded === block.isDiscarded && known.kind === block.kind
  return isListedAlike ? put : { ...put, structure: {} }
}

/** A block that starts again under the same id replaces what was streamed of it. */
export function reduceBlockStarted(view: SessionView, event: EventOf<'block.started'>, place: EventPlace): SessionView {
  return putBlock(view, findBlock(view, event.blockId), newBlock(event.blockId, event.blockKind, place))
}

export function reduceBlockDelta(view: SessionView, event: EventOf<'block.delta'>, place: EventPlace): SessionView {
  const known = findBlock(view, event.blockId)
  // The completed text wins: a hint that comes late adds nothing.
  if (known?.isComplete === true || known?.isDiscarded === true) return view
  const block = known ?? newBlock(event.blockId, 'text', place)
  return putItem(view, { ...block, text: block.text + event.text })
}

export function reduceBlockCompleted(view: SessionView, event: EventOf<'block.completed'>, place: EventPlace): SessionView {
  const known = findBlock(view, event.blockId)
  const block = known ?? newBlock(event.blockId, event.blockKind, place)
  return putBlock(view, known, {
    ...block,
    kind: event.blockKind,
    text: event.text,
    isComplete: true,
    isDiscarded: false,
    durationMs: known === undefined ? null : (known.durationMs ?? elapsedMs(known.at, place.at)),
  })
}

export function reduceBlockDiscarded(view: SessionView, event: EventOf<'block.discarded'>): SessionView {
  const known = findBlock(view, event.blockId)
  return known === undefined ? view : putBlock(view, known, { ...known, text: '', isDiscarded: true })
}
