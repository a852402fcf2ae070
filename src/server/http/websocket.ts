import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { RawData, WebSocketServer } from 'ws'
import type { ErrorCode } from '#protocol/errors'
import type { Clock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Logger } from '../platform/logger.ts'
import type { OriginGuard } from './origin-guard.ts'
import { AccessSweep, namesOf } from './access-sweep.ts'
import { withoutBasePath } from './base-path.ts'
import { type ApiKeyGate, succeeds } from './api-key-gate.ts'
import { authorize } from './authorize.ts'
import type { Verifiers } from './authentication.ts'
import { SOCKET_RULES } from './permission-table.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { type Principal, UnauthorizedError } from './principal.ts'
import { STATUS, toProblem } from './problem.ts'
import { CLOSE_GOING_AWAY, CLOSE_UNAUTHORIZED, SocketConnection } from './socket-connection.ts'
import { isRefusal, type OnRefusal } from './refusal.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

const MAX_MESSAGE_BYTES = 1024 * 1024
/** Parts of one message: a browser sends its largest in a few tens. Each costs far more than its bytes. */
const MAX_FRAGMENTS = 256
/** Pieces of the network that wait to become a message: 1 MiB comes in some 750 on Ethernet. */
const MAX_BUFFERED_CHUNKS = 8192
const MAX_SOCKETS_PER_USER = 1200
const ACCESS_IS_OVER = 'this login has ended or its rights changed'

/** What a socket path does with its connections. */
export interface SocketEndpoint {
  path: string
  /** Called once per connection; the returned function takes each text message. */
  open(connection: SocketConnection): (text: string) => void
}

export interface WebSocketsOptions {
  logger: Logger
  originGuard: OriginGuard
  trustedProxies: TrustedProxies
  verifiers: Verifiers
  /** The installation's own key, where it has one. */
  apiKeyGate: ApiKeyGate | null
  redeemTicket: (ticket: string) => Promise<Principal>
  /** Calls back with whose access ended or changed: `login:<id>`, `user:<id>` or `api-key:<id>`. */
  onAccessEnded: (listener: (who: string) => void) => void
  /** Who the credential of a principal makes them now. @throws UnauthorizedError when its access has ended */
  recheck: (principal: Principal) => Promise<Principal>
  clock: Clock
  endpoints: SocketEndpoint[]
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  onRefusal: OnRefusal
  /** False while the server starts or ends. */
  isReady: () => boolean
}

/** Serves WebSockets beside the HTTP routes: guards and authenticates before the upgrade, closes with the login. */
export class WebSockets {
  readonly #options: WebSocketsOptions
  readonly #connections = new Set<SocketConnection>()
  /** For each upgrade that is under way: whose access ended meanwhile. */
  readonly #arriving = new Set<Set<string>>()
  readonly #sweep: AccessSweep
  #server: Promise<WebSocketServer> | null = null

  constructor(options: WebSocketsOptions) {
    this.#options = options
    this.#sweep = new AccessSweep(options)
    options.onAccessEnded((who) => {
      for (const ended of this.#arriving) ended.add(who)
      for (const connection of this.#connections) {
        if (namesOf(connection.principal).includes(who)) connection.close(CLOSE_UNAUTHORIZED, ACCESS_IS_OVER)
      }
    })
  }

  attach(app: FastifyInstance): void {
    const server: Server = app.server
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy())
      request.url = withoutBasePath(request.url ?? '/', this.#options.basePath)
      void this.#upgrade(request, socket, head)
    })
  }

  /** Tells every client to come back later. */
  close(): void {
    for (const connection of this.#connections) connection.close(CLOSE_GOING_AWAY, 'the server is shutting down')
    void this.#server?.then((server) => server.close())
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const ended = new Set<string>()
    this.#arriving.add(ended)
    let principal: Principal | null = null
    try {
      if (!this.#options.isReady()) throw new DomainError('NOT_READY', 'The server is starting. Try again in a moment.')
      const url = addressOf(request)
      const { host, protocol } = this.#options.trustedProxies.publicAddress(request)
      this.#options.originGuard.check(request, host, protocol)
      const endpoint = this.#options.endpoints.find(({ path }) => path === url.pathname)
      if (!endpoint) throw new DomainError('NOT_FOUND', 'There is no socket at this address.')
      const arrived = await this.#authenticate(request, url)
      principal = arrived
      const rule = SOCKET_RULES[endpoint.path]
      if (!rule) throw new DomainError('NOT_FOUND', 'There is no socket at this address.')
      authorize(arrived, rule, this.#options.clock.now().getTime())
      this.#server ??= createServer()
      const server = await this.#server
      // Nothing is waited for between this count and the upgrade, so that none slips past it.
      this.#limit(arrived)
      server.handleUpgrade(request, socket, head, (opened) => {
        const connection = new SocketConnection(opened, arrived, this.#options.trustedProxies.clientAddress(request))
        if (namesOf(arrived).some((name) => ended.has(name))) connection.close(CLOSE_UNAUTHORIZED, ACCESS_IS_OVER)
        this.#connections.add(connection)
        connection.onClose(() => this.#connections.delete(connection))
        this.#sweep.watch(connection)
        // Without a listener one bad frame of a client would end the whole process.
        opened.on('error', (error) => {
          this.#options.logger.debug({ err: error }, 'socket error')
        })
        const take = endpoint.open(connection)
        opened.on('message', (data, isBinary) => {
          // Whoever was told to go, as when the login ended, is not obeyed while the connection closes.
          if (!connection.isOpen()) return
          if (isBinary) connection.close(1003, 'text messages only')
          else take(textOf(data))
        })
      })
    } catch (error) {
      const retryAfter = error instanceof DomainError ? error.retryAfter : undefined
      const problem = toProblem(error, 'upgrade', this.#options.logger)
      refuse(socket, problem, retryAfter)
      this.#noteRefusal(request, { problem: problem.code, error, principal })
    } finally {
      this.#arriving.delete(ended)
    }
  }

  #noteRefusal(
    request: IncomingMessage,
    { problem, error, principal }: { problem: ErrorCode; error: unknown; principal: Principal | null },
  ): void {
    const { endpoints, onRefusal, trustedProxies } = this.#options
    const url = URL.parse(request.url ?? '/', 'http://socket.invalid')
    const hasCredential =
      request.headers['x-api-key'] === undefined && ['ticket', 'token'].some((name) => url?.searchParams.has(name) === true)
    if (!isRefusal(problem, error, hasCredential)) return
    const where = endpoints.find(({ path }) => path === url?.pathname)?.path ?? 'no socket'
    onRefusal({ problem, where, principal, address: trustedProxies.clientAddress(request) })
  }

  async #authenticate(request: IncomingMessage, url: URL): Promise<Principal> {
    const { verifiers, apiKeyGate, trustedProxies } = this.#options
    const ticket = url.searchParams.get('ticket')
    // A browser cannot send headers with an upgrade; the ticket was fetched through the gate.
    if (ticket !== null) return this.#options.redeemTicket(ticket)
    const token = url.searchParams.get('token')
    await apiKeyGate?.check({
      given: request.headers['x-api-key'],
      address: trustedProxies.clientAddress(request),
      isSignedIn: async () => token !== null && (await succeeds(verifiers.accessToken(token))),
    })
    // As for requests: what else is brought along is not looked at.
    if (verifiers.platform) return verifiers.platform()
    if (token !== null) return verifiers.accessToken(token)
    throw new UnauthorizedError()
  }

  #limit({ user }: Principal): void {
    const open = [...this.#connections].filter(({ principal }) => principal.user.id === user.id).length
    if (open >= MAX_SOCKETS_PER_USER)
      throw new DomainError('RATE_LIMITED', 'Too many connections are open. Close some tabs and try again.', { retryAfter: 10 })
  }
}

/** Loaded with the first connection: a twentieth of the time until the server answers. */
async function createServer(): Promise<WebSocketServer> {
  const ws = await import('ws')
  return new ws.WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    // With a context kept, every message is compressed, however small; a tenth of the throughput remained (measured).
    perMessageDeflate: { threshold: 1024, serverNoContextTakeover: true, clientNoContextTakeover: true, concurrencyLimit: 2 },
  })
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}

/** @throws DomainError BAD_REQUEST for an address that is none, such as `//` */
function addressOf({ url = '/' }: IncomingMessage): URL {
  const address = URL.parse(url, 'http://socket.invalid')
  if (!address) throw new DomainError('BAD_REQUEST', 'The address of the request is malformed.')
  return address
}

const SECURITY_LINES = Object.entries(SECURITY_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

function refuse(socket: Duplex, problem: ReturnType<typeof toProblem>, retryAfter: number | undefined): void {
  const status = STATUS[problem.code]
  const body = JSON.stringify(problem)
  const wait = retryAfter === undefined ? '' : `Retry-After: ${String(retryAfter)}\r\n`
  // The HTTP server's time limits end with the upgrade: a client that keeps its side open would hold the socket for ever.
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n` +
      `Connection: close\r\nContent-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\n${SECURITY_LINES}` +
      `${wait}Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
  )
}
