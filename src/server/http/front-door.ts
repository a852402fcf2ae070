import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { DomainError } from '../platform/domain-error.ts'
import { withoutBasePath } from './base-path.ts'
import type { OriginGuard } from './origin-guard.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { SERVER_LIMITS } from './server-limits.ts'
import type { TlsPair } from './tls/certificate.ts'
import type { Redirect } from './tls/plain-requests.ts'
import { createTlsServer, type TlsServer } from './tls/tls-server.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** How long requests that are on their way may take once the server ends. */
const DRAIN_MS = 3000

export interface FrontDoorOptions {
  originGuard: OriginGuard
  /** Whose word for the browser's own address is believed, as later by the app. */
  trustedProxies: TrustedProxies
  version: string
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  /** For TLS in the server itself; null for plain HTTP. */
  tls: TlsPair | null
}

/**
 * The listening socket, from the first moment. Until the app has been built, and what an earlier server left has been put
 * right, which can take seconds, it says that the process lives and that it cannot serve yet; then the app answers.
 * A supervisor sees a living process and a browser a reason to wait, instead of a refused connection.
 */
export class FrontDoor {
  readonly server: Server
  readonly #tls: TlsServer | null
  readonly #answering = new Set<ServerResponse>()
  #serve: RequestListener
  #closed: Promise<unknown> | null = null

  constructor(options: FrontDoorOptions) {
    this.#serve = (request, response) => {
      answerWhileStarting(request, response, options)
    }
    const serve: RequestListener = (request, response) => {
      this.#answering.add(response)
      response.once('close', () => this.#answering.delete(response))
      this.#serve(request, response)
    }
    this.#tls = options.tls === null ? null : createTlsServer(options.tls, serve, redirectTo(options))
    this.server = this.#tls?.server ?? createServer(SERVER_LIMITS, serve)
  }

  /** @throws Error of node:net, such as EADDRINUSE */
  async listen(host: string, port: number): Promise<void> {
    this.server.listen({ host, port })
    await once(this.server, 'listening')
  }

  /** From now on `serve` answers everything. */
  open(serve: RequestListener): void {
    this.#serve = serve
  }

  /** Another certificate for connections from now on. @throws Error where it cannot be used */
  renew(pair: TlsPair): void {
    this.#tls?.use(pair)
  }

  /** Takes no more connections; resolves once what is on its way has been answered, or after {@link DRAIN_MS}. */
  async drain(): Promise<void> {
    this.#stopListening()
    this.server.closeIdleConnections()
    const ended = [...this.#answering].map((response) => new Promise((resolve) => response.once('close', resolve)))
    const late = Promise.withResolvers()
    const timer = setTimeout(late.resolve, DRAIN_MS)
    await Promise.race([Promise.all(ended), late.promise])
    clearTimeout(timer)
  }

  /** Resolves when nothing is connected any more. */
  async close(): Promise<void> {
    this.#stopListening()
    this.server.closeAllConnections()
    this.#tls?.destroyAll()
    await this.#closed
  }

  #stopListening(): void {
    if (!this.server.listening) return
    this.#closed = once(this.server, 'close')
    this.server.close()
  }
}

/** Pages of ours alone: a name that is not ours, or the API, is sent nowhere. */
function redirectTo({ originGuard, basePath }: FrontDoorOptions): Redirect {
  return (request) => {
    const { method, url = '/', headers } = request
    const path = withoutBasePath(url, basePath)
    if (method !== 'GET' || !path.startsWith('/') || /^\/(api|ws|shell)\b/.test(path) || headers.host === undefined) return null
    try {
      originGuard.check(request, headers.host, 'http')
      return `https://${headers.host}${url.split('?', 1)[0] ?? '/'}`
    } catch {
      return null
    }
  }
}

function answerWhileStarting(request: IncomingMessage, response: ServerResponse, options: FrontDoorOptions): void {
  const isHealth = request.method === 'GET' && withoutBasePath(request.url ?? '/', options.basePath).split('?', 1)[0] === '/api/health'
  try {
    const { host, protocol } = options.trustedProxies.publicAddress(request)
    options.originGuard.check(request, host, protocol)
    if (isHealth) answer(response, 200, { status: 'ok', version: options.version })
    else answer(response, 503, { error: 'The server is starting. Try again in a moment.', code: 'NOT_READY' })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    answer(response, error.code === 'HOST_NOT_ALLOWED' ? 421 : error.code === 'BAD_REQUEST' ? 400 : 403, {
      error: error.message,
      code: error.code,
    })
  }
}

function answer(response: ServerResponse, status: number, body: Record<string, string>): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  })
  response.end(JSON.stringify(body))
}
