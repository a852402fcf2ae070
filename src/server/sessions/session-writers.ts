import type { SessionId } from '#protocol/ids'
import type { SessionEvent } from '#protocol/session-events'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import { ALL_SESSIONS, ownSessionsTopic, userTopic } from '../platform/topics.ts'
import { SessionNotFoundError } from './session-errors.ts'
import type { DatedEvent, SessionLog } from './session-log.ts'
import { type SessionRepository, type SessionRow, summaryOf, toSession } from './session-repository.ts'
import { SessionWriter } from './session-writer.ts'

/** Writers without work that are kept at hand. */
const MAX_IDLE_WRITERS = 200

export interface SessionWritersDeps {
  repository: SessionRepository
  log: SessionLog
  bus: EventBus
  clock: Clock
  logger: Logger
}

/** The writers of this server's sessions, one each, and what everybody is told when a session changes. */
export class SessionWriters {
  readonly #deps: SessionWritersDeps
  readonly #writers = new Map<SessionId, Promise<SessionWriter>>()

  readonly #ready = new Map<SessionId, SessionWriter>()

  constructor(deps: SessionWritersDeps) {
    this.#deps = deps
  }

  /** The writer where there is one, without looking for the session. */
  peek(sessionId: SessionId): SessionWriter | undefined {
    return this.#ready.get(sessionId)
  }

  /** @throws SessionNotFoundError */
  get(sessionId: SessionId): Promise<SessionWriter> {
    const known = this.#writers.get(sessionId)
    if (known) return known
    const writer = this.#make(sessionId)
    this.#writers.set(sessionId, writer)
    writer.then(
      (ready) => this.#ready.set(sessionId, ready),
      () => this.#writers.delete(sessionId),
    )
    return writer
  }

  /** Takes an event for a session's log; it is stored soon after. @throws SessionNotFoundError */
  async append(sessionId: SessionId, event: SessionEvent): Promise<void> {
    const writer = await this.get(sessionId)
    writer.append(event)
  }

  /** Resolves when every log has caught up. */
  async flushAll(): Promise<void> {
    for (const writer of this.#writers.values()) await (await writer).flushed()
  }

  /** Lets go of writers that have no work and are not in use. */
  async sweep(isInUse: (sessionId: SessionId) => boolean): Promise<void> {
    const writers = await Promise.all([...this.#writers].map(async ([sessionId, writer]) => ({ sessionId, writer: await writer })))
    // After whoever has just been given a writer has used it: a second writer of its session would take the same numbers.
    await new Promise((resolve) => setImmediate(resolve))
    for (const { sessionId, writer } of writers) {
      if (this.#writers.size <= MAX_IDLE_WRITERS) return
      if (writer.isBehind || isInUse(sessionId)) continue
      this.#writers.delete(sessionId)
      this.#ready.delete(sessionId)
    }
  }

  /** Tells the connections that may read it what a session looks like now. */
  async announce(sessionId: SessionId): Promise<void> {
    const { repository, bus } = this.#deps
    const row = await repository.find(sessionId)
    if (!row) return
    const pending = await repository.countPendingApprovals([sessionId])
    const frame = JSON.stringify({ type: 'sessions-updated', session: toSession(row, pending.get(sessionId) ?? 0) })
    for (const topic of [ALL_SESSIONS, ownSessionsTopic(row.user_id)]) bus.publish(topic, frame)
  }

  async #make(sessionId: SessionId): Promise<SessionWriter> {
    const row = await this.#deps.repository.find(sessionId)
    if (!row) throw new SessionNotFoundError()
    const { log, clock } = this.#deps
    const writer = new SessionWriter(
      sessionId,
      { lastSeq: row.last_seq, summary: summaryOf(row) },
      {
        log,
        clock,
        onStored: (events) => {
          if (events.some(changesSummary)) void this.#announceQuietly(sessionId)
        },
        onFailure: (error) => {
          this.#tellFailure(row, error)
        },
      },
    )
    return writer
  }

  async #announceQuietly(sessionId: SessionId): Promise<void> {
    await this.announce(sessionId).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, sessionId }, 'session change could not be announced')
    })
  }

  #tellFailure(row: SessionRow, error: unknown): void {
    this.#deps.logger.error({ err: error, sessionId: row.id }, 'events cannot be stored; the agent is held until they can')
    const problem = {
      type: 'error',
      code: 'STORAGE_FULL',
      error:
        'The session cannot be saved at the moment, most likely because the disk that holds DATA_DIR is full. The agent waits; free some space and it goes on.',
      sessionId: row.id,
    }
    this.#deps.bus.publish(userTopic(row.user_id), JSON.stringify(problem))
  }
}

const SUMMARY_KINDS = new Set<SessionEvent['kind']>([
  'session.state',
  'session.updated',
  'session.opened',
  'usage.updated',
  'approval.requested',
  'approval.resolved',
])

function changesSummary({ event }: DatedEvent): boolean {
  return SUMMARY_KINDS.has(event.kind)
}
