import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SessionId, ToolCallId } from '#protocol/ids'
import type { SessionEvent } from '#protocol/session-events'
import { createTestDatabase, insertSession } from '../../../test/support/test-database.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { LocalEventBus } from '../platform/event-bus.ts'
import { type DatedEvent, SessionLog } from './session-log.ts'
import type { SessionSummary } from './session-projection.ts'
import { SessionWriter } from './session-writer.ts'

const START: SessionSummary = { state: 'idle', mode: 'default', modeUntil: null, title: '', nativeId: null, usage: null }

const TOOL = ToolCallId.parse('toolu_1')

const delta = (blockId: string, text: string): SessionEvent => ({ v: 1, kind: 'block.delta', blockId, text })
const state = (name: 'running' | 'idle'): SessionEvent => ({ v: 1, kind: 'session.state', state: name })

/** The real log, on a disk that refuses as often as it is told. */
class FailingLog extends SessionLog {
  failures = 0
  attempts = 0

  override async append(sessionId: SessionId, lastSeq: number, events: readonly DatedEvent[], summary: SessionSummary): Promise<void> {
    this.attempts += 1
    if (this.failures > 0) {
      this.failures -= 1
      throw new Error('the disk refuses')
    }
    await super.append(sessionId, lastSeq, events, summary)
  }
}

async function setup(known?: Database) {
  const database = known ?? (await createTestDatabase())
  const { sessionId } = await insertSession(database)
  const log = new FailingLog(database, new LocalEventBus())
  const failures: unknown[] = []
  const stored: SessionEvent[] = []
  const writer = new SessionWriter(
    sessionId,
    { lastSeq: 0, summary: START },
    {
      log,
      clock: systemClock,
      onStored: (events) => stored.push(...events.map(({ event }) => event)),
      onFailure: (error) => failures.push(error),
    },
  )
  return { writer, log, failures, stored, read: () => log.read(sessionId, 0, 5000) }
}

test('neighbouring deltas of a block become one event, and nothing else does', async () => {
  const { writer, read } = await setup()
  for (const event of [delta('a', '1'), delta('a', '2'), delta('b', '3'), state('running'), delta('b', '4'), delta('b', '5')])
    writer.append(event)

  await writer.flushed()

  expect((await read()).map(({ event }) => event)).toEqual([delta('a', '12'), delta('b', '3'), state('running'), delta('b', '45')])
})

test('pieces of a tool input are merged, a whole input is not', async () => {
  const { writer, read } = await setup()
  const piece = (text: string): SessionEvent => ({ v: 1, kind: 'tool.input', toolCallId: TOOL, delta: text })
  const whole: SessionEvent = { v: 1, kind: 'tool.input', toolCallId: TOOL, input: { a: 1 } }
  for (const event of [piece('{"a'), piece('":1}'), whole, whole]) writer.append(event)

  await writer.flushed()

  expect((await read()).map(({ event }) => event)).toEqual([piece('{"a":1}'), whole, whole])
})

test('whatever comes at whatever pace, the log holds the same text in the same order without a gap', async () => {
  const database = await createTestDatabase()
  const event = fc.oneof(
    fc.record({ blockId: fc.constantFrom('a', 'b'), text: fc.string({ maxLength: 5 }) }).map(({ blockId, text }) => delta(blockId, text)),
    fc.constantFrom(state('running'), state('idle')),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(event, fc.boolean()), { maxLength: 40 }), async (steps) => {
      const { writer, read } = await setup(database)
      for (const [each, waits] of steps) {
        writer.append(each)
        if (waits) await new Promise((resolve) => setImmediate(resolve))
      }
      await writer.flushed()
      const stored = await read()
      expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1))
      expect(merged(stored.map(({ event: each }) => each))).toEqual(merged(steps.map(([each]) => each)))
    }),
    { numRuns: 30 },
  )
})

test('the summary is that of the last event taken, before it is stored', async () => {
  const { writer } = await setup()

  writer.append(state('running'))

  expect(writer.summary.state).toBe('running')
  expect(writer.isBehind).toBe(true)
  await writer.flushed()
  expect(writer.isBehind).toBe(false)
})

test('while storage refuses, events wait, the agent is held, it is told once, and then all goes on', async () => {
  const { writer, log, failures, stored, read } = await setup()
  log.failures = 2
  writer.append(state('running'))
  await expect.poll(() => log.attempts).toBe(1)
  await expect.poll(() => failures.length).toBe(1)

  let isDrained = false
  const drained = writer.drained().then(() => {
    isDrained = true
  })
  writer.append(delta('a', '1'))
  writer.append(delta('a', '2'))
  await expect.poll(() => log.attempts, { timeout: 5000 }).toBe(2)
  expect(isDrained).toBe(false)
  await drained

  expect(failures).toHaveLength(1)
  expect(stored).toEqual([state('running'), delta('a', '12')])
  expect((await read()).map(({ seq, event }) => [seq, event])).toEqual([
    [1, state('running')],
    [2, delta('a', '12')],
  ])
})

test('an agent is held only when the log is far behind', async () => {
  const { writer } = await setup()
  let isDrained = false
  const watch = async () => {
    await writer.drained()
    isDrained = true
  }

  writer.append(delta('a', '1'))
  await watch()
  expect(isDrained).toBe(true)

  isDrained = false
  for (let count = 0; count < 3000; count += 1) writer.append(delta(String(count), 'x'))
  const held = watch()
  await Promise.resolve()
  expect(isDrained).toBe(false)
  await held
  expect(writer.isBehind).toBe(false)
})

test('a block of any length is cut into events of bounded size', async () => {
  const { writer, read } = await setup()
  for (let count = 0; count < 40; count += 1) writer.append(delta('a', 'x'.repeat(10_000)))

  await writer.flushed()

  const texts = (await read()).map(({ event }) => (event.kind === 'block.delta' ? event.text : ''))
  expect(texts.join('')).toHaveLength(400_000)
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(80_000)
})

/** Neighbouring deltas joined: what the events mean, however they were cut. */
function merged(events: readonly SessionEvent[]): SessionEvent[] {
  const result: SessionEvent[] = []
  for (const event of events) {
    const last = result.at(-1)
    if (last?.kind === 'block.delta' && event.kind === 'block.delta' && last.blockId === event.blockId) {
      result.splice(-1, 1, { ...last, text: last.text + event.text })
    } else {
      result.push(event)
    }
  }
  return result
}
