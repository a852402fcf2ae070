import type { SessionId } from '#protocol/ids'
import type { LiveBatch, SessionHub } from './session-hub.ts'
import type { SessionLog } from './session-log.ts'

const PAGE = 500

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
      void this.#catchUp()
      return
    }
    for (const frame of batch.frames) this.#deps.sink.send(frame)
    this.#sentSeq = batch.lastSeq
  }

  async #catchUp(): Promise<void> {
    const { log, sink } = this.#deps
    this.#isCatchingUp = true
    for (;;) {
      if (!sink.hasRoom()) await sink.room()
      if (this.#isStopped || !sink.isOpen()) return
      const page = await log.readFrames(this.#sessionId, this.#sentSeq, PAGE)
      for (const frame of page.frames) sink.send(frame)
      this.#sentSeq = Math.max(this.#sentSeq, page.lastSeq)
      // Checked and left in one step of the event loop, so that no live batch falls between replay and stream.
      if (page.frames.length < PAGE && this.#sentSeq >= this.#knownSeq) break
    }
    this.#isCatchingUp = false
    if (this.#hasAnnounced) return
    this.#hasAnnounced = true
    sink.send(JSON.stringify({ type: 'session-subscribed', sessionId: this.#sessionId, seq: this.#sentSeq }))
  }
}
