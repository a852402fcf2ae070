import type { Kysely } from 'kysely'
import type { SessionId } from '#protocol/ids'
import { type SequencedEvent, SessionEvent } from '#protocol/session-events'
import { type AuditEntry, recordAudit } from '../platform/audit-log.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Tables } from '../platform/schema.ts'
import { sessionTopic } from '../platform/topics.ts'
import type { SessionSummary } from './session-projection.ts'
import { recordToolEnds } from './tool-audit.ts'

/** What one reading gives at most, beyond its last step: more would hold the event loop and fill the memory. */
const MAX_READ_CHARACTERS = 4 * 1024 * 1024
const READ_AT_ONCE = 100

/** An event that has no number yet. */
export interface DatedEvent {
  at: string
  event: SessionEvent
  /** What the audit log says of it, in the same transaction. */
  audit?: AuditEntry
}

/** Numbered events as they travel: one finished WebSocket frame each. */
export interface FrameBatch {
  firstSeq: number
  lastSeq: number
  frames: string[]
}

/** The append-only log of all sessions' events, and the only place that knows how they are stored and sent. */
export class SessionLog {
  readonly #db: Kysely<Tables>
  readonly #bus: EventBus

  constructor(db: Kysely<Tables>, bus: EventBus) {
    this.#db = db
    this.#bus = bus
  }

  /**
   * Appends events after `lastSeq`, with the session's new summary in the same transaction, then sends them out.
   * Only the session's owner appends, so the next number is known; the primary key would refuse a second writer.
   */
  async append(sessionId: SessionId, lastSeq: number, events: readonly DatedEvent[], summary: SessionSummary): Promise<void> {
    const rows = events.map(({ at, event }, index) => ({
      session_id: sessionId,
      seq: lastSeq + index + 1,
      at,
      event: JSON.stringify(event),
    }))
    const last = rows.at(-1)
    if (!last) return
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.insertInto('session_events').values(rows).execute()
      await markLogged(transaction, sessionId, events)
      await recordToolEnds(transaction, sessionId, events)
      for (const { audit } of events) if (audit) await recordAudit(transaction, audit)
      await transaction
        .updateTable('sessions')
        .set({
          last_seq: last.seq,
          updated_at: last.at,
          state: summary.state,
          mode: summary.mode,
          mode_until: summary.modeUntil,
          title: summary.title,
          native_id: summary.nativeId,
          usage: summary.usage === null ? null : JSON.stringify(summary.usage),
        })
        .where('id', '=', sessionId)
        .execute()
    })
    const frames = rows.map((row) => encodeFrame(sessionId, row))
    this.#bus.publish(sessionTopic(sessionId), `${String(lastSeq + 1)} ${String(last.seq)}\n${frames.join('\n')}`)
  }

  /** At most `limit` events after `after`, as frames. */
  async readFrames(sessionId: SessionId, after: number, limit: number): Promise<FrameBatch> {
    const rows = await this.#rows(sessionId, after, limit)
    return {
      firstSeq: rows[0]?.seq ?? after + 1,
      lastSeq: rows.at(-1)?.seq ?? after,
      frames: rows.map((row) => encodeFrame(sessionId, row)),
    }
  }

  /** At most `limit` events after `after`, parsed; fewer where they are large, none only when there are no more. */
  async read(sessionId: SessionId, after: number, limit: number): Promise<SequencedEvent[]> {
    const events: SequencedEvent[] = []
    for (let characters = 0; events.length < limit && characters < MAX_READ_CHARACTERS; ) {
      const rows = await this.#rows(sessionId, events.at(-1)?.seq ?? after, Math.min(READ_AT_ONCE, limit - events.length))
      for (const { seq, at, event } of rows) events.push({ sessionId, seq, at, event: SessionEvent.parse(JSON.parse(event)) })
      if (rows.length < READ_AT_ONCE) break
      characters += rows.reduce((sum, { event }) => sum + event.length, 0)
    }
    return events
  }

  #rows(sessionId: SessionId, after: number, limit: number): Promise<{ seq: number; at: string; event: string }[]> {
    return this.#db
      .selectFrom('session_events')
      .select(['seq', 'at', 'event'])
      .where('session_id', '=', sessionId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute()
  }
}

/** Notes with the events themselves which prompts are safe, so that a repeated request neither loses nor doubles one. */
async function markLogged(transaction: Kysely<Tables>, sessionId: SessionId, events: readonly DatedEvent[]): Promise<void> {
  const messageIds = events.flatMap(({ event }) => (event.kind === 'user.message' && event.clientId !== undefined ? event.messageId : []))
  if (messageIds.length === 0) return
  await transaction
    .updateTable('prompts')
    .set({ is_logged: 1 })
    .where('session_id', '=', sessionId)
    .where('message_id', 'in', messageIds)
    .execute()
}

/** What {@link SessionLog.append} published, taken apart again. */
export function decodeBatch(message: string): FrameBatch {
  const headEnd = message.indexOf('\n')
  const [firstSeq, lastSeq] = message.slice(0, headEnd).split(' ').map(Number)
  // JSON text never holds a raw line break, so the frames come apart where they were joined.
  return { firstSeq: firstSeq ?? 0, lastSeq: lastSeq ?? 0, frames: message.slice(headEnd + 1).split('\n') }
}

/** The stored JSON goes out as it is: parsing and writing it again for every follower would cost more than all else. */
function encodeFrame(sessionId: SessionId, { seq, at, event }: { seq: number; at: string; event: string }): string {
  return `{"type":"session-event","sessionId":"${sessionId}","seq":${String(seq)},"at":"${at}","event":${event}}`
}
