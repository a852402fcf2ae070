import type { SessionEvent } from '#protocol/session-events'
import { type Conversation, type Lane, laneOf, type OpenBlock, stateEvents } from './conversation.ts'
import { describeModelFailure } from './failure-sentences.ts'
import type { ApiUsage, AssistantMessage, StreamEvent } from './native-messages.ts'
import { endTool, startTool, wholeToolInput } from './translate-tools.ts'
import { beginWork } from './begin-turn.ts'

/** The agent's name for messages that it makes up itself. */
const SYNTHETIC_MODEL = '<synthetic>'

/** A piece of the answer as it streams. Text goes out at once; what arrives whole later wins. */
export function translateStreamEvent(conversation: Conversation, message: StreamEvent): SessionEvent[] {
  const { event } = message
  switch (event.type) {
    case 'message_start':
      return startMessage(conversation, message)
    case 'content_block_start':
      return startBlock(conversation, message)
    case 'content_block_delta':
      return extendBlock(conversation, message)
    case 'message_delta':
      if (message.parent_tool_use_id == null && event.usage) noteContext(conversation, event.usage)
      return []
    default:
      return []
  }
}

/** A whole block of an answer. */
export function translateAssistant(conversation: Conversation, message: AssistantMessage): SessionEvent[] {
  const isSynthetic = message.message.model === SYNTHETIC_MODEL
  if (isSynthetic && message.error !== undefined) return noteFailure(conversation, message)
  const isMain = message.parent_tool_use_id == null
  const events = isMain ? beginWork(conversation) : []
  if (isMain && !isSynthetic) conversation.context.model = message.message.model ?? conversation.context.model
  return [...events, ...message.message.content.flatMap((part, index) => completePart(conversation, message, { ...part, index }))]
}

type Part = AssistantMessage['message']['content'][number] & { index: number }

function completePart(conversation: Conversation, message: AssistantMessage, part: Part): SessionEvent[] {
  const lane = laneOf(conversation, message.parent_tool_use_id)
  const freshId = `${message.uuid}_${String(part.index)}`
  if (part.type === 'text') return completeBlock(lane, 'text', part.text ?? '', freshId)
  if (part.type === 'thinking') return completeBlock(lane, 'reasoning', part.thinking ?? '', freshId)
  if (part.type !== 'tool_use' || part.id === undefined) return []
  forgetToolBlock(lane, part.id)
  const call = { nativeId: part.id, name: part.name ?? 'unknown', parentNativeId: message.parent_tool_use_id ?? null }
  return wholeToolInput(conversation, { ...call, input: part.input })
}

/** Takes back what has begun and will not be completed. */
export function discardOpenBlocks(conversation: Conversation, lane: Lane, reason: string): SessionEvent[] {
  const events: SessionEvent[] = []
  for (const block of lane.blocks.values()) {
    if (block.kind === 'tool') {
      const tool = conversation.openTools.get(block.nativeId)
      if (tool && !tool.isInputWhole) events.push(...endTool(conversation, block.nativeId, { status: 'cancelled' }))
    } else if (block.isAnnounced) {
      events.push({ ...laneHead(lane), kind: 'block.discarded', blockId: block.blockId, reason })
    }
  }
  lane.blocks.clear()
  return events
}

/** A text that arrived in one piece from the agent itself, such as a command's output. */
export function wholeText(conversation: Conversation, text: string, blockId: string): SessionEvent[] {
  return completeBlock(laneOf(conversation, null), 'text', text, blockId)
}

function startMessage(conversation: Conversation, message: StreamEvent): SessionEvent[] {
  const isMain = message.parent_tool_use_id == null
  const events = isMain ? beginWork(conversation) : []
  const lane = laneOf(conversation, message.parent_tool_use_id)
  events.push(...discardOpenBlocks(conversation, lane, 'The answer broke off and was started again.'))
  if (!isMain) return events
  if (conversation.state === 'retrying') events.push(...stateEvents(conversation, 'running'))
  const { usage, model } = message.event.message ?? {}
  conversation.context.model = model ?? conversation.context.model
  if (usage) noteContext(conversation, usage)
  return events
}

const TEXT_KINDS: Record<string, 'text' | 'reasoning'> = { text: 'text', thinking: 'reasoning' }

function startBlock(conversation: Conversation, message: StreamEvent): SessionEvent[] {
  const { index = 0, content_block: block } = message.event
  if (!block) return []
  const lane = laneOf(conversation, message.parent_tool_use_id)
  const kind = TEXT_KINDS[block.type]
  if (kind) lane.blocks.set(index, { kind, blockId: message.uuid, isAnnounced: false })
  if (block.type !== 'tool_use' || block.id === undefined) return []
  lane.blocks.set(index, { kind: 'tool', nativeId: block.id })
  return startTool(conversation, { nativeId: block.id, name: block.name ?? 'unknown', parentNativeId: message.parent_tool_use_id ?? null })
}

function extendBlock(conversation: Conversation, message: StreamEvent): SessionEvent[] {
  const { index = 0, delta } = message.event
  const lane = laneOf(conversation, message.parent_tool_use_id)
  const block = lane.blocks.get(index)
  if (!block || !delta) return []
  if (block.kind === 'tool') {
    const tool = conversation.openTools.get(block.nativeId)
    if (!tool || !delta.partial_json) return []
    return [{ ...laneHead(lane), kind: 'tool.input', toolCallId: tool.id, delta: delta.partial_json }]
  }
  const text = block.kind === 'text' ? delta.text : delta.thinking
  if (!text) return []
  return [...announce(lane, block), { ...laneHead(lane), kind: 'block.delta', blockId: block.blockId, text }]
}

/** Completes the block of this kind that streams, or tells one that never streamed. Blocks without any text are not told at all. */
function completeBlock(lane: Lane, kind: 'text' | 'reasoning', text: string, freshId: string): SessionEvent[] {
  const open = [...lane.blocks].find(([, block]) => block.kind === kind)
  if (open) lane.blocks.delete(open[0])
  const block = open && open[1].kind !== 'tool' ? open[1] : { kind, blockId: freshId, isAnnounced: false }
  if (text === '' && !block.isAnnounced) return []
  return [...announce(lane, block), { ...laneHead(lane), kind: 'block.completed', blockId: block.blockId, blockKind: kind, text }]
}

function announce(lane: Lane, block: Exclude<OpenBlock, { kind: 'tool' }>): SessionEvent[] {
  if (block.isAnnounced) return []
  block.isAnnounced = true
  return [{ ...laneHead(lane), kind: 'block.started', blockId: block.blockId, blockKind: block.kind }]
}

function forgetToolBlock(lane: Lane, nativeId: string): void {
  for (const [index, block] of lane.blocks) {
    if (block.kind === 'tool' && block.nativeId === nativeId) lane.blocks.delete(index)
  }
}

function laneHead(lane: Lane) {
  return { v: 1 as const, turnId: lane.turnId, parentId: lane.parentId }
}

/** A request that failed for good arrives as a made-up answer; it is told with the turn's end and not as text. */
function noteFailure(conversation: Conversation, message: AssistantMessage): SessionEvent[] {
  const text = message.message.content.map((part) => part.text ?? '').join(' ')
  if (conversation.turn && !conversation.turn.failure && message.parent_tool_use_id == null) {
    conversation.turn.failure = describeModelFailure({
      kind: message.api_error ?? message.error ?? null,
      status: message.api_error_status ?? null,
      text,
      model: conversation.context.model ?? conversation.model,
    })
  }
  return discardOpenBlocks(conversation, laneOf(conversation, message.parent_tool_use_id), 'The request to the model failed.')
}

/** How much of the model's window the newest answer filled. The end of a message only tells its output. */
function noteContext(conversation: Conversation, usage: ApiUsage): void {
  const input = (usage.input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0)
  if (input > 0) conversation.context.used = input + (usage.output_tokens ?? 0)
  else if (conversation.context.used !== null) conversation.context.used += usage.output_tokens ?? 0
}
