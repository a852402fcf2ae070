import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import * as z from 'zod/mini'

/** One thing that the scripted model does with its answer, in order. */
export type ModelStep =
  | { text: string | string[] }
  | { thinking: string | string[] }
  | { tool: string; input: Record<string, unknown>; id?: string }
  /** Text whose block never ends: for cutting a stream in the middle. */
  | { openText: string }
  /** A tool call whose input breaks off. */
  | { openTool: string; partial: string }
  /** Holds the stream until the promise settles or the client goes away. */
  | { wait: Promise<unknown> }
  /** Destroys the connection. */
  | { cut: true }
  /** An HTTP failure; only as the first step. */
  | { status: number; errorType: string; message: string; headers?: Record<string, string> }

/** What the agent asked the model. */
export interface ModelRequest {
  /** 0, 1, 2 … */
  index: number
  model: string
  /** The system prompt, all its blocks joined. */
  system: string
  toolNames: string[]
  /** How the agent asked for thinking, as it sent it. */
  thinking: unknown
  /** The text parts of the last user message, joined. */
  userText: string
  /** All text of all messages, joined. */
  wholeText: string
  /** The contents of the tool results in the last user message. */
  toolResults: { toolUseId: string; text: string; isError: boolean }[]
  /** How many tool results the whole conversation holds. */
  toolResultCount: number
  imageTypes: string[]
  headers: IncomingMessage['headers']
  /** Resolves when the client cut the connection before the answer ended. */
  aborted: Promise<void>
}

export interface ScriptedAnthropic {
  url: string
  requests: ModelRequest[]
  /** Resolves with the next request that fits. */
  nextRequest(fits?: (request: ModelRequest) => boolean): Promise<ModelRequest>
  close(): Promise<void>
}

const Part = z.looseObject({
  type: z.string(),
  text: z.optional(z.string()),
  tool_use_id: z.optional(z.string()),
  is_error: z.optional(z.boolean()),
  content: z.optional(z.unknown()),
  source: z.optional(z.looseObject({ media_type: z.optional(z.string()) })),
})
const Content = z.union([z.string(), z.array(Part)])
const Body = z.looseObject({
  model: z.string(),
  system: z.optional(Content),
  tools: z.optional(z.array(z.looseObject({ name: z.optional(z.string()) }))),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })),
  stream: z.optional(z.boolean()),
  thinking: z.optional(z.unknown()),
})

/**
 * An Anthropic Messages endpoint on loopback whose answers the test writes. `answer` sees each request and returns the
 * steps of its answer; requests that offer no tools (titles and the like) are answered with a word unless it returns steps.
 */
export async function startScriptedAnthropic(answer: (request: ModelRequest) => ModelStep[] | undefined): Promise<ScriptedAnthropic> {
  const requests: ModelRequest[] = []
  const waiters: { fits: (request: ModelRequest) => boolean; resolve: (request: ModelRequest) => void }[] = []

  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(async (body) => {
      const path = new URL(incoming.url ?? '/', 'http://loopback').pathname
      if (path.endsWith('/count_tokens')) return sendJson(outgoing, 200, { input_tokens: 10 })
      const parsed = Body.safeParse(body)
      if (!path.endsWith('/messages') || !parsed.success) return sendJson(outgoing, 404, failure('not_found_error', 'No such route'))
      const request = describe(parsed.data, requests.length, incoming, outgoing)
      requests.push(request)
      for (const waiter of waiters.filter((each) => each.fits(request))) {
        waiters.splice(waiters.indexOf(waiter), 1)
        waiter.resolve(request)
      }
      await reply(outgoing, request, answer(request) ?? [{ text: 'ok' }], parsed.data.stream === true)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    nextRequest: (fits = () => true) => new Promise((resolve) => waiters.push({ fits, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  let text = ''
  incoming.setEncoding('utf8')
  for await (const chunk of incoming) text += String(chunk)
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch {
    return undefined
  }
}

function describe(body: z.infer<typeof Body>, index: number, incoming: IncomingMessage, outgoing: ServerResponse): ModelRequest {
  const users = body.messages.filter((message) => message.role === 'user')
  const last = partsOf(users.at(-1)?.content)
  const all = body.messages.flatMap((message) => partsOf(message.content))
  return {
    index,
    model: body.model,
    system: textOf(partsOf(body.system)),
    toolNames: (body.tools ?? []).map((tool) => tool.name ?? ''),
    thinking: body.thinking,
    userText: textOf(last),
    wholeText: textOf(all),
    toolResults: last
      .filter((part) => part.type === 'tool_result')
      .map((part) => ({ toolUseId: part.tool_use_id ?? '', text: resultText(part.content), isError: part.is_error === true })),
    toolResultCount: all.filter((part) => part.type === 'tool_result').length,
    imageTypes: all.filter((part) => part.type === 'image').map((part) => part.source?.media_type ?? ''),
    headers: incoming.headers,
    aborted: new Promise((resolve) => {
      outgoing.on('close', () => {
        if (!outgoing.writableEnded) resolve()
      })
    }),
  }
}

function partsOf(content: z.infer<typeof Content> | undefined): z.infer<typeof Part>[] {
  if (content === undefined) return []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function textOf(parts: z.infer<typeof Part>[]): string {
  return parts.map((part) => part.text ?? '').join('\n')
}

function resultText(content: unknown): string {
  const parsed = Content.safeParse(content)
  return parsed.success ? textOf(partsOf(parsed.data)) : ''
}

function failure(type: string, message: string) {
  return { type: 'error', error: { type, message } }
}

function sendJson(outgoing: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
  outgoing.end(JSON.stringify(body))
}

async function reply(outgoing: ServerResponse, request: ModelRequest, steps: ModelStep[], stream: boolean): Promise<void> {
  const first = steps[0]
  if (first && 'status' in first) {
    sendJson(outgoing, first.status, failure(first.errorType, first.message), first.headers)
    return
  }
  const id = `msg_scripted_${String(request.index)}`
  const usage = { input_tokens: 10, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 5 }
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  if (!stream) {
    sendJson(outgoing, 200, { ...message, content: [{ type: 'text', text: 'ok' }], stop_reason: 'end_turn' })
    return
  }
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (type: string, fields: object) => outgoing.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`)
  send('message_start', { message })
  let blockIndex = 0
  for (const step of steps) {
    if ('wait' in step) await Promise.race([step.wait, request.aborted])
    else if ('cut' in step) outgoing.destroy()
    else sendBlock(send, step, { blockIndex: blockIndex++, requestIndex: request.index })
    if (outgoing.destroyed) return
  }
  const stopReason = steps.some((step) => 'tool' in step) ? 'tool_use' : 'end_turn'
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 7 } })
  send('message_stop', {})
  outgoing.end()
}

type BlockStep = Exclude<ModelStep, { wait: Promise<unknown> } | { cut: true }>

function sendBlock(
  send: (type: string, fields: object) => void,
  step: BlockStep,
  { blockIndex, requestIndex }: { blockIndex: number; requestIndex: number },
): void {
  const start = (block: object) => send('content_block_start', { index: blockIndex, content_block: block })
  const delta = (fields: object) => send('content_block_delta', { index: blockIndex, delta: fields })
  const stop = () => send('content_block_stop', { index: blockIndex })
  if ('text' in step) {
    start({ type: 'text', text: '' })
    for (const text of [step.text].flat()) delta({ type: 'text_delta', text })
    stop()
  } else if ('openText' in step) {
    start({ type: 'text', text: '' })
    delta({ type: 'text_delta', text: step.openText })
  } else if ('openTool' in step) {
    start({ type: 'tool_use', id: `toolu_open_${String(requestIndex)}_${String(blockIndex)}`, name: step.openTool, input: {} })
    delta({ type: 'input_json_delta', partial_json: step.partial })
  } else if ('thinking' in step) {
    start({ type: 'thinking', thinking: '', signature: '' })
    for (const thinking of [step.thinking].flat()) delta({ type: 'thinking_delta', thinking })
    delta({ type: 'signature_delta', signature: 'c2lnbmF0dXJl' })
    stop()
  } else if ('tool' in step) {
    start({ type: 'tool_use', id: step.id ?? `toolu_scripted_${String(requestIndex)}_${String(blockIndex)}`, name: step.tool, input: {} })
    const json = JSON.stringify(step.input)
    const half = Math.ceil(json.length / 2)
    for (const partial of [json.slice(0, half), json.slice(half)]) delta({ type: 'input_json_delta', partial_json: partial })
    stop()
  }
}
