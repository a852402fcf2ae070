import type { SessionId } from '#protocol/ids'
import type { LiveBatch, SessionHub } from './session-hub.ts'
import type { SessionLog } from './session-log.ts'

/** Events read at once: few enough that a page of large ones neither holds the event loop nor fills the memory. */
const PAGE = 100

/** Where a follower's frames go: one connection. */
export interface FrameSink {
  /** Queues a frame on the connection. */
  send(frame: Buffer | string): void
  /** True while the connection takes frames as fast as they come. */
  hasRoom(): boolean
  /** Resolves when it has room again, or is closed. */
  room(): Promise<void>
  isOpen(): boolean
}

/**
 * One connection's view of one session: what the log has after a number, then what comes, in order and without a gap.
 * A connection that cannot keep up is taken off the live stream and caught up from the log when it has room, so it
 * costs no memory and holds nobody back.
 */
export class SessionFollower {
  readonly #sessionId: SessionId
  readonly #deps: { log: SessionLog; hub: SessionHub; sink: FrameSink }
  readonly #leave: () => void
  #sentSeq: number
  /** The newest number that exists, as far as the bus has told. */
  #knownSeq = 0
  #isCatchingUp = false
  #hasAnnounced = false
  #isStopped = false

  constructor(sessionId: SessionId, afterSeq: number, deps: { log: SessionLog; hub: SessionHub; sink: FrameSink }) {
    this.#sessionId = sessionId
    this.#sentSeq = afterSeq
    this.#deps = deps
    this.#leave = deps.hub.follow(sessionId, (batch) => {
      this.#onLive(batch)
    })
  }

  /** Replays and then follows. Resolves when the replay is done. */
  async start(): Promise<void> {
    await this.#catchUp()
  }

  stop(): void {
    this.#isStopped = true
    this.#leave()
  }

  #onLive(batch: LiveBatch): void {
    this.#knownSeq = Math.max(this.#knownSeq, batch.lastSeq)
    if (this.#isCatchingUp || this.#isStopped) return
    if (batch.firstSeq !== this.#sentSeq + 1 || !this.#deps.sink.hasRoom()) {
      // A log that cannot be read now is read again when there is more of it.
      this.#catchUp().catch(() => {})
      return
    }
    for (const frame of batch.frames) this.#deps.sink.send(frame)
    this.#sentSeq = batch.lastSeq
  }

  async #catchUp(): Promise<void> {
    this.#isCatchingUp = true
    const isCaughtUp = await this.#replay().catch((error: unknown) => {
      this.#isCatchingUp = false
      throw error
    })
    if (!isCaughtUp || this.#hasAnnounced) return
    this.#hasAnnounced = true
    this.#deps.sink.send(JSON.stringify({ type: 'session-subscribed', sessionId: this.#sessionId, seq: this.#sentSeq }))
  }

  /** Sends what the log has, as fast as the connection takes it. False when there is nobody to send it to any more. */
  async #replay(): Promise<boolean> {
    const { log, sink } = this.#deps
    for (;;) {
      const page = await log.readFrames(this.#sessionId, this.#sentSeq, PAGE)
      for (const [index, frame] of page.frames.entries()) {
        if (!sink.hasRoom()) await sink.room()
        if (this.#isStopped || !sink.isOpen()) return false
        sink.send(frame)
        this.#sentSeq = page.firstSeq + index
      }
      // Checked and left in one step of the event loop, so that no live batch falls between replay and stream.
      if (page.frames.length < PAGE && this.#sentSeq >= this.#knownSeq) {
        this.#isCatchingUp = false
        return true
      }
    }
  }
}
