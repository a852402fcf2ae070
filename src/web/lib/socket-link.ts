import { ApiError } from './api-error.ts'
import type { ConnectionState } from './connection.ts'
import { retryDelayMs } from './retry-delay.ts'

/** The close codes of the contract that ask for more than another try. */
const UNAUTHORIZED = 4401
const FORBIDDEN = 4403
const FLOODING = 4429

const PING_EVERY_MS = 20_000
const PONG_WITHIN_MS = 8_000
/** A connection that held this long was a good one: the next break starts again with short waits. */
const STABLE_AFTER_MS = 10_000
const FLOOD_PAUSE_ATTEMPT = 5

/** What a link needs of a WebSocket; tests give their own. */
export interface Socket {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((frame: { data: unknown }) => void) | null
  onclose: ((end: { code: number }) => void) | null
}

export interface SocketLinkDeps {
  /** Fetches a one-time ticket and opens a socket with it. @throws ApiError */
  openSocket: () => Promise<Socket>
  /** Renews the login after the server ended the socket for it; where there is none any more, it never resolves. */
  renewLogin: () => Promise<void>
  onState: (state: ConnectionState) => void
  onText: (text: string) => void
}

/** Keeps one socket open: opens, watches, and reopens it with growing waits until told to stop. */
export class SocketLink {
  readonly #deps: SocketLinkDeps
  #state: ConnectionState = 'closed'
  #socket: Socket | null = null
  #attempt = 0
  #openedAt = 0
  #wasOpen = false
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pingTimer: ReturnType<typeof setTimeout> | undefined
  #pongTimer: ReturnType<typeof setTimeout> | undefined
  /** Counts the sockets, so that an old one that still speaks is not heard. */
  #generation = 0

  constructor(deps: SocketLinkDeps) {
    this.#deps = deps
  }

  get state(): ConnectionState {
    return this.#state
  }

  start(): void {
    if (this.#state === 'closed') void this.#open()
  }

  /** Closes for good. */
  stop(): void {
    this.#drop()
    this.#setState('closed')
  }

  /** Sends a frame; false where there is no open socket, and nothing was sent. */
  send(text: string): boolean {
    if (this.#state !== 'open' || this.#socket === null) return false
    this.#socket.send(text)
    return true
  }

  /** Something says that the network is back or the page is seen again: tries at once, or makes sure the socket lives. */
  wake(): void {
    if (this.#state === 'open') this.#ping()
    else if (this.#state !== 'closed' && this.#socket === null) {
      this.#attempt = 0
      void this.#open()
    }
  }

  async #open(): Promise<void> {
    this.#drop()
    this.#setState(this.#wasOpen ? 'reconnecting' : 'connecting')
    const generation = this.#generation
    try {
      const socket = await this.#deps.openSocket()
      if (generation === this.#generation) this.#adopt(socket, generation)
      else socket.close()
    } catch (error) {
      if (generation === this.#generation) this.#retryAfter(error instanceof ApiError ? error.retryAfter : null)
    }
  }

  #adopt(socket: Socket, generation: number): void {
    this.#socket = socket
    const isCurrent = () => generation === this.#generation
    socket.onopen = () => {
      if (isCurrent()) this.#becomeOpen()
    }
    socket.onmessage = ({ data }) => {
      if (isCurrent() && typeof data === 'string') this.#receive(data)
    }
    socket.onclose = ({ code }) => {
      if (isCurrent()) void this.#lose(code)
    }
  }

  #becomeOpen(): void {
    this.#openedAt = Date.now()
    this.#wasOpen = true
    this.#schedulePing()
    this.#setState('open')
  }

  #receive(text: string): void {
    clearTimeout(this.#pongTimer)
    this.#pongTimer = undefined
    this.#schedulePing()
    this.#deps.onText(text)
  }

  async #lose(code: number): Promise<void> {
    if (this.#openedAt > 0 && Date.now() - this.#openedAt >= STABLE_AFTER_MS) this.#attempt = 0
    this.#drop()
    this.#setState(this.#wasOpen ? 'reconnecting' : 'connecting')
    if (code === FLOODING) this.#attempt = Math.max(this.#attempt, FLOOD_PAUSE_ATTEMPT)
    if (code === UNAUTHORIZED || code === FORBIDDEN) {
      const generation = this.#generation
      await this.#deps.renewLogin().catch(() => undefined)
      if (generation !== this.#generation) return
    }
    this.#retryAfter(null)
  }

  #retryAfter(seconds: number | null): void {
    clearTimeout(this.#retryTimer)
    const delayMs = Math.max(retryDelayMs(this.#attempt), (seconds ?? 0) * 1000)
    this.#attempt += 1
    this.#retryTimer = setTimeout(() => void this.#open(), delayMs)
  }

  #schedulePing(): void {
    clearTimeout(this.#pingTimer)
    this.#pingTimer = setTimeout(() => this.#ping(), PING_EVERY_MS)
  }

  #ping(): void {
    this.send('{"type":"ping"}')
    this.#pongTimer ??= setTimeout(() => void this.#lose(0), PONG_WITHIN_MS)
  }

  /** Forgets the socket and every timer. */
  #drop(): void {
    this.#generation += 1
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#pingTimer)
    clearTimeout(this.#pongTimer)
    this.#pongTimer = undefined
    this.#openedAt = 0
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return
    this.#state = state
    this.#deps.onState(state)
  }
}
