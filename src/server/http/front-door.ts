import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { DomainError } from '../platform/domain-error.ts'
import type { OriginGuard } from './origin-guard.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { SERVER_LIMITS } from './server-limits.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

export interface FrontDoorOptions {
  originGuard: OriginGuard
  /** Whose word for the browser's own address is believed, as later by the app. */
  trustedProxies: TrustedProxies
  version: string
}

/**
 * The listening socket, from the first moment. Until the app has been built, and what an earlier server left has been put
 * right, which can take seconds, it says that the process lives and that it cannot serve yet; then the app answers.
 * A supervisor sees a living process and a browser a reason to wait, instead of a refused connection.
 */
export class FrontDoor {
  readonly server: Server
  #serve: RequestListener

  constructor(options: FrontDoorOptions) {
    this.#serve = (request, response) => {
      answerWhileStarting(request, response, options)
    }
    this.server = createServer(SERVER_LIMITS, (request, response) => {
      this.#serve(request, response)
    })
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

  /** Resolves when nothing is connected any more. */
  async close(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }
}

function answerWhileStarting(request: IncomingMessage, response: ServerResponse, options: FrontDoorOptions): void {
  const isHealth = request.method === 'GET' && request.url?.split('?', 1)[0] === '/api/health'
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
