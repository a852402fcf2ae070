import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { SessionId } from '#protocol/ids'
import type { EventOf, SessionEvent } from '#protocol/session-events'
import { recordAudit } from '../platform/audit-log.ts'
import type { Tables } from '../platform/schema.ts'

interface DatedEvent {
  at: string
  event: SessionEvent
}

/**
 * Records how each tool call among the events ended, in the transaction that stores them: its status, and size and
 * SHA-256 of its result, whose text is the transcript's and not the audit log's.
 */
export async function recordToolEnds(transaction: Kysely<Tables>, sessionId: SessionId, events: readonly DatedEvent[]): Promise<void> {
  const ends = events.flatMap(({ at, event }) => (event.kind === 'tool.ended' ? [{ at, event }] : []))
  if (ends.length === 0) return
  const session = await transaction.selectFrom('sessions').select('provider').where('id', '=', sessionId).executeTakeFirst()
  for (const { at, event } of ends)
    await recordAudit(transaction, {
      at: new Date(at),
      actor: session?.provider ?? 'system',
      action: 'tool.ended',
      subject: event.toolCallId,
      details: { sessionId, toolCallId: event.toolCallId, ...outcomeOf(event) },
    })
}

function outcomeOf({ status, exitCode, durationMs, result }: EventOf<'tool.ended'>): Record<string, unknown> {
  const text = result === undefined ? null : JSON.stringify(result)
  return {
    status,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(text === null ? {} : { resultBytes: Buffer.byteLength(text), resultHash: createHash('sha256').update(text).digest('hex') }),
  }
}
