import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'

/** One request, with nothing added or repaired: what an attacker sends, not what a browser would. */
export interface RawRequest {
  method?: string
  path: string
  headers?: Record<string, string>
  /** Sent as JSON unless it is text or bytes. */
  body?: unknown
  token?: string
  /** The loopback address it comes from; one of its own keeps what others did from counting. */
  from?: string
}

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

const LIMIT_MS = 20_000
/** Only Linux has all of 127.0.0.0/8 without being told. */
const HAS_MANY_ADDRESSES = process.platform === 'linux'

/** Resolves with the answer. @throws Error of node:net when the connection ends without one */
export function sendRaw(url: string, { method = 'GET', path, headers = {}, body, token, from }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const content = contentOf(body)
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path,
        timeout: LIMIT_MS,
        agent: false,
        ...(from !== undefined && HAS_MANY_ADDRESSES ? { localAddress: from } : {}),
        headers: {
          ...(content === null ? {} : { 'content-type': 'application/json', 'content-length': String(content.length) }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('error', reject)
        answer.once('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString('utf8') })
        })
      },
    )
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 80)} for ${String(LIMIT_MS)} ms`)))
    if (content !== null) sent.write(content)
    sent.end()
  })
}

function contentOf(body: unknown): Buffer | null {
  if (body === undefined) return null
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Writes bytes on a connection and resolves with what came until the server closed it, or until nothing came for a second. */
export function sendBytes(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
    })
    // A reset is one of the ways in which a server refuses.
    socket.on('error', () => {})
    socket.once('close', () => {
      resolve(text)
    })
  })
}

/** The status lines of everything that came back. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1]))
}
