import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Block } from './reply.ts'

/** An answer of the model. `model` is echoed; token counts are estimates from the number of characters. */
export interface Answer {
  model: string
  blocks: Iterable<Block>
  inputTokens: number
}

type StreamEvent = { type: string } & Record<string, unknown>

/**
 * Writes an answer as server-sent events, as the Messages API does. Waits for slow clients instead of buffering,
 * and stops quietly when the client hangs up.
 * @param paceMs pause after each piece; 0 writes as fast as the client reads
 */
export async function streamAnswer(response: ServerResponse, answer: Answer, paceMs: number): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  try {
    for (const event of answerEvents(answer)) {
      if (!response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
        await once(response, 'drain', { signal: gone.signal })
      if (paceMs > 0 && event.type === 'content_block_delta') await delay(paceMs, undefined, { signal: gone.signal })
      if (gone.signal.aborted) return
    }
    response.end()
  } catch (error) {
    if (!gone.signal.aborted) throw error
  }
}

/** The same answer as one JSON message, for requests that do not stream. */
export function wholeAnswer({ model, blocks, inputTokens }: Answer): Record<string, unknown> {
  const all = [...blocks]
  return {
    id: `msg_demo_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model,
    content: all.map((block) => (block.type === 'call' ? callStart(block) : contentOf(block))),
    stop_reason: stopReason(all.some((block) => block.type === 'call')),
    stop_sequence: null,
    usage: usage(inputTokens, estimateTokens(JSON.stringify(all).length)),
  }
}

/** About four characters to a token, as in English text. */
export function estimateTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4))
}

function* answerEvents({ model, blocks, inputTokens }: Answer): Generator<StreamEvent> {
  const message = {
    id: `msg_demo_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  }
  yield { type: 'message_start', message: { ...message, usage: usage(inputTokens, 1) } }
  yield { type: 'ping' }
  let index = 0
  let characters = 0
  let calls = false
  for (const block of blocks) {
    for (const event of blockEvents(block)) {
      characters += event.characters ?? 0
      yield { ...event.body, index }
    }
    calls ||= block.type === 'call'
    index += 1
  }
  yield {
    type: 'message_delta',
    delta: { stop_reason: stopReason(calls), stop_sequence: null },
    usage: usage(inputTokens, estimateTokens(characters)),
  }
  yield { type: 'message_stop' }
}

interface BlockEvent {
  body: StreamEvent
  characters?: number
}

function* blockEvents(block: Block): Generator<BlockEvent> {
  const start = block.type === 'call' ? { ...callStart(block), input: {} } : { ...contentOf(block), [block.type]: '' }
  yield { body: { type: 'content_block_start', content_block: start } }
  const text = block.type === 'call' ? JSON.stringify(block.input) : block.text
  for (const piece of pieces(text)) {
    yield { body: { type: 'content_block_delta', delta: deltaOf(block.type, piece) }, characters: piece.length }
  }
  if (block.type === 'thinking') yield { body: { type: 'content_block_delta', delta: { type: 'signature_delta', signature: SIGNATURE } } }
  yield { body: { type: 'content_block_stop' } }
}

/** Stands where the API puts its proof that the thinking is its own. Nobody checks it here. */
const SIGNATURE = Buffer.from('scripted by the demo').toString('base64')

function contentOf(block: Exclude<Block, { type: 'call' }>): Record<string, unknown> {
  return block.type === 'thinking' ? { type: 'thinking', thinking: block.text, signature: SIGNATURE } : { type: 'text', text: block.text }
}

function callStart(block: Extract<Block, { type: 'call' }>): Record<string, unknown> {
  return { type: 'tool_use', id: `toolu_demo_${randomUUID().replaceAll('-', '')}`, name: block.name, input: block.input }
}

function deltaOf(type: Block['type'], piece: string): Record<string, unknown> {
  switch (type) {
    case 'thinking':
      return { type: 'thinking_delta', thinking: piece }
    case 'text':
      return { type: 'text_delta', text: piece }
    case 'call':
      return { type: 'input_json_delta', partial_json: piece }
  }
}

/** Cuts text about where a model's tokens end: short words whole, long ones in parts, spaces with the word that follows. */
export function pieces(text: string): string[] {
  return text.match(/\s*[\p{L}\p{N}]{1,8}|\s*[^\p{L}\p{N}\s]{1,3}|\s+/gu) ?? []
}

function stopReason(calls: boolean): string {
  return calls ? 'tool_use' : 'end_turn'
}

/** As if the prompt cache held the conversation, as it does in practice. */
function usage(inputTokens: number, outputTokens: number): Record<string, unknown> {
  return { input_tokens: 8, output_tokens: outputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: inputTokens }
}
