import { expect, test } from 'vitest'
import type { SessionEvent } from '#protocol/session-events'
import { createTestDatabase, fillDisk, insertSession } from '../../../test/support/test-database.ts'
import { LocalEventBus } from '../platform/event-bus.ts'
import { sessionTopic } from '../platform/topics.ts'
import { decodeBatch, SessionLog } from './session-log.ts'
import type { SessionSummary } from './session-projection.ts'

const AT = '2026-11-01T12:00:00.000Z'
const SUMMARY: SessionSummary = { state: 'running', mode: 'plan', modeUntil: null, title: 'New title', nativeId: 'n1', usage: null }

const delta = (text: string): SessionEvent => ({ v: 1, kind: 'block.delta', blockId: 'b', text })
const dated = (...events: SessionEvent[]) => events.map((event) => ({ at: AT, event }))

async function setup() {
  const database = await createTestDatabase()
  const bus = new LocalEventBus()
  const { sessionId } = await insertSession(database)
  const published: string[] = []
  bus.subscribe(sessionTopic(sessionId), (message) => published.push(message))
  return { database, bus, sessionId, published, log: new SessionLog(database, bus) }
}

test('events are numbered from 1 without a gap and read back as they were', async () => {
  const { log, sessionId } = await setup()
  await log.append(sessionId, 0, dated(delta('a'), delta('b\nc')), SUMMARY)
  await log.append(sessionId, 2, dated(delta('"d"')), SUMMARY)

  const events = await log.read(sessionId, 0, 10)

  expect(events).toEqual([delta('a'), delta('b\nc'), delta('"d"')].map((event, index) => ({ sessionId, seq: index + 1, at: AT, event })))
  expect((await log.read(sessionId, 1, 1)).map(({ seq }) => seq)).toEqual([2])
})

test('what is published and what is read later are the same frames', async () => {
  const { log, sessionId, published } = await setup()
  await log.append(sessionId, 0, dated(delta('line\nbreak \u2028 and “quotes”'), delta('b')), SUMMARY)

  const stored = await log.readFrames(sessionId, 0, 10)

  expect(published.map(decodeBatch)).toEqual([stored])
  expect(stored).toMatchObject({ firstSeq: 1, lastSeq: 2 })
  expect(JSON.parse(stored.frames[0] ?? '')).toEqual({
    type: 'session-event',
    sessionId,
    seq: 1,
    at: AT,
    event: delta('line\nbreak \u2028 and “quotes”'),
  })
})

test('the summary is stored with the events that made it', async () => {
  const { log, sessionId, database } = await setup()

  await log.append(sessionId, 0, dated(delta('a')), SUMMARY)

  const row = await database.selectFrom('sessions').selectAll().where('id', '=', sessionId).executeTakeFirst()
  expect(row).toMatchObject({ last_seq: 1, state: 'running', mode: 'plan', title: 'New title', native_id: 'n1', updated_at: AT })
})

test('a second writer with the same number is refused, and nothing of it is stored or sent', async () => {
  const { log, sessionId, published } = await setup()
  await log.append(sessionId, 0, dated(delta('a')), SUMMARY)

  await expect(log.append(sessionId, 0, dated(delta('other'), delta('more')), SUMMARY)).rejects.toThrow(/UNIQUE/)

  expect((await log.read(sessionId, 0, 10)).map(({ event }) => event)).toEqual([delta('a')])
  expect(published).toHaveLength(1)
})

test('what could not be stored is not sent', async () => {
  const { log, sessionId, published, database } = await setup()
  await fillDisk(database)

  await expect(log.append(sessionId, 0, dated(delta('x'.repeat(300_000))), SUMMARY)).rejects.toThrow(/full/)

  expect(published).toEqual([])
  expect(await log.read(sessionId, 0, 10)).toEqual([])
})

test('after the end there is nothing, and an empty append does nothing', async () => {
  const { log, sessionId, published } = await setup()

  await log.append(sessionId, 0, [], SUMMARY)

  expect(await log.readFrames(sessionId, 0, 10)).toEqual({ firstSeq: 1, lastSeq: 0, frames: [] })
  expect(published).toEqual([])
})
