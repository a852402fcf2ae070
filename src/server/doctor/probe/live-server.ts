import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { randomBytes } from 'node:crypto'

const ANSWER_MS = 3000
const MAX_BODY = 64 * 1024
const AGENT = 'ai-code-ui-doctor'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  /** The first 64 KiB. */
  body: string
}

export interface Question {
  method?: string
  path: string
  headers?: Record<string, string | string[]>
  body?: string
  /** Asks in absolute form, as a proxy is asked, for the path at this host. */
  atHost?: string
}

/** The server that runs, asked over its own socket as a stranger would. Nothing that it is asked changes anything. */
export class LiveServer {
  readonly pid: number
  /** Where it says that it answers. */
  readonly url: URL
  readonly #basePath: string
  readonly #answers = new Map<string, Promise<Answer>>()

  /** @param url as announced, also one of all addresses such as `http://0.0.0.0:3001` */
  constructor(url: string, pid: number) {
    this.pid = pid
    this.url = new URL(url)
    this.#basePath = this.url.pathname.replace(/\/$/, '')
    if (this.url.hostname === '0.0.0.0') this.url.hostname = '127.0.0.1'
    if (this.url.hostname === '[::]') this.url.hostname = '[::1]'
  }

  /** The answer to a plain GET; asked once. */
  page(path: string): Promise<Answer> {
    const known = this.#answers.get(path) ?? this.ask({ path })
    this.#answers.set(path, known)
    return known
  }

  /** A page, a route and an error: what holds for all answers must hold for these. */
  async pages(): Promise<{ path: string; answer: Answer }[]> {
    const paths = ['/', '/api/health', '/api/there-is-no-such-route']
    return Promise.all(paths.map(async (path) => ({ path, answer: await this.page(path) })))
  }

  /** @throws Error where nothing answers in time */
  ask({ method = 'GET', path, headers = {}, body, ...rest }: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = this.#open({ method, path, headers, ...rest }, (response) => {
        collect(response).then(resolve, reject)
      })
      request.on('error', reject)
      request.end(body)
    })
  }

  /** Sends the head of a request alone. @returns the status, or null where the server waits for the body */
  async announce({ method = 'POST', path, headers = {} }: Question): Promise<number | null> {
    const { promise, resolve } = Promise.withResolvers<number | null>()
    const request = this.#open({ method, path, headers }, (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    request.on('error', () => {
      resolve(null)
    })
    request.flushHeaders()
    const status = await promise
    request.destroy()
    return status
  }

  /**
   * Asks for a WebSocket. @returns 101 where one was opened, which is closed at once, else the status of the refusal
   * @throws Error where nothing answers in time
   */
  upgrade(path: string, headers: Record<string, string> = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const upgrade = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      }
      const request = this.#open({ method: 'GET', path, headers: { ...upgrade, ...headers } }, (response) => {
        response.destroy()
        resolve(response.statusCode ?? 0)
      })
      request.on('upgrade', (_, socket) => {
        socket.destroy()
        resolve(101)
      })
      request.on('error', reject)
      request.end()
    })
  }

  #open({ method = 'GET', path, headers, atHost }: Omit<Question, 'body'>, onResponse: (response: IncomingMessage) => void) {
    const options: RequestOptions = {
      host: this.url.hostname.replace(/^\[|\]$/g, ''),
      port: this.url.port || (this.url.protocol === 'https:' ? 443 : 80),
      method,
      path: `${atHost === undefined ? '' : `http://${atHost}`}${this.#basePath}${path}`,
      headers: { host: this.url.host, 'user-agent': AGENT, ...headers },
      agent: false,
      timeout: ANSWER_MS,
      signal: AbortSignal.timeout(ANSWER_MS),
    }
    // Its certificate is for its public name; whether that is good is looked at there.
    return this.url.protocol === 'https:'
      ? httpsRequest({ ...options, rejectUnauthorized: false }, onResponse)
      : httpRequest(options, onResponse)
  }
}

async function collect(response: IncomingMessage): Promise<Answer> {
  let body = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    body += String(chunk)
    if (body.length > MAX_BODY) break
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: body.slice(0, MAX_BODY) }
}
