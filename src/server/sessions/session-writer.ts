import type { SessionId } from '#protocol/ids'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import type { AuditEntry } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { DatedEvent, SessionLog } from './session-log.ts'
import { projectSummary, type SessionSummary } from './session-projection.ts'

/** Deltas that arrive within one frame of a screen become one event. */
const FRAME_MS = 16
/** Events, and characters of deltas, that may wait before the agent is asked to pause. */
const MAX_WAITING_EVENTS = 2000
const MAX_MERGED_CHARACTERS = 64 * 1024
const RETRY_MS = 1000
/** Events in one transaction, so that none holds the event loop for long. */
const MAX_BATCH = 200

export interface SessionWriterDeps {
  log: SessionLog
  clock: Clock
  /** Told after each batch that was stored and sent. */
  onStored: (events: readonly DatedEvent[]) => void
  /** Told once when events cannot be stored; they wait, and the agent with them. */
  onFailure: (error: unknown) => void
}

/**
 * The one writer of a session's log. Takes events at any speed, merges neighbouring deltas of a block, and stores them
 * in order; while the storage refuses, it keeps what it has, holds the agent back and tries again.
 */
export class SessionWriter {
  readonly #sessionId: SessionId
  readonly #deps: SessionWriterDeps
  #waiting: DatedEvent[] = []
  #lastSeq: number
  #summary: SessionSummary
  #isWriting = false
  #isFailing = false
  /** When deltas were last stored: the first of a burst goes out at once. */
  #lastDeltaAt = 0
  #timer: NodeJS.Timeout | null = null
  #flushed: PromiseWithResolvers<void> | null = null

  constructor(sessionId: SessionId, start: { lastSeq: number; summary: SessionSummary }, deps: SessionWriterDeps) {
    this.#sessionId = sessionId
    this.#lastSeq = start.lastSeq
    this.#summary = start.summary
    this.#deps = deps
  }

  /** The session as of the last event taken, stored or not. */
  get summary(): SessionSummary {
    return this.#summary
  }

  /** Whether anything waits to be stored. */
  get isBehind(): boolean {
    return this.#waiting.length > 0 || this.#isWriting
  }

  /** Takes an event, with what the audit log is to say of it. Never throws. */
  append(event: SessionEvent, audit?: AuditEntry): void {
    this.#summary = projectSummary(this.#summary, event)
    if (!this.#merge(event)) this.#waiting.push({ at: this.#deps.clock.now().toISOString(), event, ...(audit ? { audit } : {}) })
    this.#schedule(isDelta(event))
  }

  /** Resolves when everything taken so far is stored and sent. */
  flushed(): Promise<void> {
    if (!this.isBehind) return Promise.resolve()
    this.#flushed ??= Promise.withResolvers()
    this.#schedule(false)
    return this.#flushed.promise
  }

  /** Resolves at once unless the log has fallen behind; then when it has caught up. */
  drained(): Promise<void> {
    return this.#isFailing || this.#waiting.length > MAX_WAITING_EVENTS ? this.flushed() : Promise.resolve()
  }

  /** Adds a delta to the one before it where both are of one block and not yet being written. */
  #merge(event: SessionEvent): boolean {
    const last = this.#waiting.at(-1)
    if (!last) return false
    const merged = mergeDeltas(last.event, event)
    if (!merged) return false
    last.event = merged
    return true
  }

  #schedule(canWait: boolean): void {
    if (this.#isWriting || this.#isFailing) return
    const waitMs = canWait ? FRAME_MS - (performance.now() - this.#lastDeltaAt) : 0
    if (waitMs > 1) {
      this.#timer ??= setTimeout(() => void this.#write(), waitMs)
      return
    }
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#isWriting = true
    // After the current tick, so that events emitted together are stored together.
    setImmediate(() => void this.#write())
  }

  async #write(): Promise<void> {
    this.#timer = null
    this.#isWriting = true
    const batch = this.#waiting.splice(0, MAX_BATCH)
    try {
      await this.#deps.log.append(this.#sessionId, this.#lastSeq, batch, this.#summary)
      this.#lastSeq += batch.length
      if (batch.some(({ event }) => isDelta(event))) this.#lastDeltaAt = performance.now()
      this.#isFailing = false
      this.#deps.onStored(batch)
      this.#isWriting = false
      this.#next()
    } catch (error) {
      this.#waiting.unshift(...batch)
      this.#isWriting = false
      this.#fail(error)
    }
  }

  #next(): void {
    if (this.#waiting.length > 0) {
      this.#schedule(this.#flushed === null && this.#waiting.every(({ event }) => isDelta(event)))
      return
    }
    this.#flushed?.resolve()
    this.#flushed = null
  }

  #fail(error: unknown): void {
    if (!this.#isFailing) this.#deps.onFailure(error)
    this.#isFailing = true
    setTimeout(() => void this.#write(), RETRY_MS)
  }
}

function isDelta(event: SessionEvent): boolean {
  return event.kind === 'block.delta' || (event.kind === 'tool.input' && event.delta !== undefined)
}

function mergeDeltas(a: SessionEvent, b: SessionEvent): SessionEvent | null {
  if (a.kind === 'block.delta' && b.kind === 'block.delta') {
    return a.blockId === b.blockId && a.text.length < MAX_MERGED_CHARACTERS ? { ...a, text: a.text + b.text } : null
  }
  return a.kind === 'tool.input' && b.kind === 'tool.input' ? mergeInputs(a, b) : null
}

function mergeInputs(a: EventOf<'tool.input'>, b: EventOf<'tool.input'>): EventOf<'tool.input'> | null {
  if (a.delta === undefined || b.delta === undefined || a.toolCallId !== b.toolCallId) return null
  return a.delta.length < MAX_MERGED_CHARACTERS ? { ...a, delta: a.delta + b.delta } : null
}
