import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { estimateTokens, streamAnswer, wholeAnswer } from './message-stream.ts'
import { ModelRequest } from './model-request.ts'
import type { Block } from './reply.ts'
import { answerRequest } from './script.ts'

/** More than any conversation of the demo can grow to; less than would hurt the server that carries it. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

export interface DemoModelOptions {
  /** The only `x-api-key` that is served. */
  key: string
  /** Pause after each streamed piece. Default 15; 0 for tests. */
  paceMs?: number
  /** What the model says to a request. Default: the demo's script. */
  answer?: (request: ModelRequest) => Iterable<Block>
}

export interface DemoModel {
  /** Base URL on loopback, without a slash at its end. */
  url: string
  /** Hangs up on everybody and frees the port. */
  close(): Promise<void>
}

/** Starts an Anthropic Messages API on a free loopback port that answers from a script, with no key and no network. */
export async function startDemoModel({ key, paceMs = 15, answer = answerRequest }: DemoModelOptions): Promise<DemoModel> {
  const expectedKey = digest(key)
  const server = createServer((request, response) => {
    // The response's own error is a client that hung up: there is nobody left to tell.
    response.on('error', () => response.destroy())
    serve({ request, response, expectedKey, paceMs, answer }).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The demo model has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

interface Exchange extends Required<Pick<DemoModelOptions, 'paceMs' | 'answer'>> {
  request: IncomingMessage
  response: ServerResponse
  expectedKey: Buffer
}

async function serve({ request, response, expectedKey, paceMs, answer }: Exchange): Promise<void> {
  try {
    const { asked, isCount, inputTokens } = await receive(request, expectedKey)
    const reply = { model: asked.model, blocks: isCount ? [] : answer(asked), inputTokens }
    if (asked.stream === true) await streamAnswer(response, reply, paceMs)
    else sendJson(response, 200, isCount ? { input_tokens: inputTokens } : wholeAnswer(reply))
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error
    // The rest of a body that nobody reads must not keep the connection.
    response.setHeader('connection', 'close')
    sendJson(response, error.status, { type: 'error', error: { type: error.type, message: error.message } })
  }
}

/** A request that gets an error in the API's own form. */
class RefusedRequest extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

interface Received {
  asked: ModelRequest
  /** Asks for the number of tokens alone. */
  isCount: boolean
  inputTokens: number
}

/** @throws RefusedRequest for another route, another key, and a body that is too large or no Messages request */
async function receive(request: IncomingMessage, expectedKey: Buffer): Promise<Received> {
  const path = request.url?.split('?')[0]
  const isCount = path === '/v1/messages/count_tokens'
  if (request.method !== 'POST' || (path !== '/v1/messages' && !isCount)) {
    throw new RefusedRequest(404, 'not_found_error', 'The demo model serves /v1/messages and nothing else.')
  }
  if (!timingSafeEqual(digest(String(request.headers['x-api-key'])), expectedKey)) {
    throw new RefusedRequest(401, 'authentication_error', 'This is not the key of this demo.')
  }
  const body = await readBody(request)
  return { asked: parseRequest(body), isCount, inputTokens: estimateTokens(body.length) }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop early must not close the connection: the refusal still has to go out on it.
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new RefusedRequest(413, 'request_too_large', 'The request is larger than 32 MiB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseRequest(body: string): ModelRequest {
  try {
    return ModelRequest.parse(JSON.parse(body))
  } catch (error) {
    throw new RefusedRequest(400, 'invalid_request_error', `This is not a Messages request: ${String(error)}`)
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
