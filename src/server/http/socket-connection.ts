import type { WebSocket } from 'ws'
import type { Principal } from './principal.ts'

const PING_EVERY_MS = 25_000
/** Bytes on their way to a client beyond which it is fed from the log instead. */
const ROOM_BYTES = 512 * 1024
/** Bytes at which a client that never reads is let go; it reconnects and catches up. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024
const ROOM_CHECK_MS = 20
/** Pings and pongs of a client between two of ours: ten a second. Each ping is answered, so that a flood of them fills what goes out. */
const MAX_CONTROL_FRAMES = 250

/** Close codes of ours (contract, section 4). */
export const CLOSE_UNAUTHORIZED = 4401
export const CLOSE_FLOODING = 4429
export const CLOSE_GOING_AWAY = 1001

/** One authenticated socket: sends, knows when it is full, notices when the other end is gone. */
export class SocketConnection {
  #principal: Principal
  readonly #socket: WebSocket
  readonly #onClose: (() => void)[] = []
  readonly #heartbeat: NodeJS.Timeout
  #isAlive = true
  #controlFrames = 0
  #isClosing = false
  /** Where the client connected from. */
  readonly address: string

  constructor(socket: WebSocket, principal: Principal, address: string) {
    this.#principal = principal
    this.address = address
    this.#socket = socket
    socket.on('pong', () => {
      this.#isAlive = true
      this.#countControlFrame()
    })
    socket.on('ping', () => {
      this.#countControlFrame()
    })
    socket.on('close', () => {
      clearInterval(this.#heartbeat)
      for (const listener of this.#onClose) listener()
    })
    this.#heartbeat = setInterval(() => {
      this.#beat()
    }, PING_EVERY_MS)
  }

  /** Who is at the other end, as last checked. */
  get principal(): Principal {
    return this.#principal
  }

  /** Takes over what a check found, such as a fresh proof of who it is. */
  renew(principal: Principal): void {
    this.#principal = principal
  }

  onClose(listener: () => void): void {
    this.#onClose.push(listener)
  }

  isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  /** Queues one text frame. A connection whose client stopped reading long ago is dropped. */
  send(frame: Buffer | string): void {
    if (!this.isOpen()) return
    if (this.#socket.bufferedAmount > MAX_BACKLOG_BYTES) {
      this.#socket.terminate()
      return
    }
    this.#socket.send(frame, { binary: false })
  }

  hasRoom(): boolean {
    return this.#socket.bufferedAmount < ROOM_BYTES
  }

  async room(): Promise<void> {
    // `ws` tells nothing when its buffer empties, so it is looked at; this runs for slow clients alone.
    while (this.isOpen() && !this.hasRoom()) await new Promise((resolve) => setTimeout(resolve, ROOM_CHECK_MS))
  }

  /** Ends the connection; called again it does nothing. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#socket.close(code, reason)
    // A client that does not answer the close is not waited for.
    setTimeout(() => {
      this.#socket.terminate()
    }, 1000).unref()
  }

  #countControlFrame(): void {
    this.#controlFrames += 1
    // Without a close frame: it would wait behind the answers that such a client does not read.
    if (this.#controlFrames > MAX_CONTROL_FRAMES) this.#socket.terminate()
  }

  #beat(): void {
    this.#controlFrames = 0
    if (!this.#isAlive) {
      this.#socket.terminate()
      return
    }
    this.#isAlive = false
    this.#socket.ping()
  }
}
