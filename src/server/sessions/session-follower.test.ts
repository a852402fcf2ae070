import { expect, onTestFinished, test } from 'vitest'
import type { SessionEvent } from '#protocol/session-events'
import { createTestDatabase, insertSession } from '../../../test/support/test-database.ts'
import { LocalEventBus } from '../platform/event-bus.ts'
import { type FrameSink, SessionFollower } from './session-follower.ts'
import { SessionHub } from './session-hub.ts'
import { SessionLog } from './session-log.ts'
import type { SessionSummary } from './session-projection.ts'

const SUMMARY: SessionSummary = { state: 'running', mode: 'default', modeUntil: null, title: '', nativeId: null, usage: null }
const EVENT: SessionEvent = { v: 1, kind: 'block.delta', blockId: 'b', text: 'x' }

/** A connection whose client reads only when the test lets it. */
class TestSink implements FrameSink {
  readonly seqs: number[] = []
  readonly others: string[] = []
  /** How many frames it takes before it is full. */
  roomFor = Number.POSITIVE_INFINITY
  isClosed = false
  #waiters: (() => void)[] = []

  send(frame: Buffer | string): void {
    const text = String(frame)
    const seq = /^\{"type":"session-event".*?"seq":(\d+)/.exec(text)?.[1]
    if (seq === undefined) this.others.push(text)
    else this.seqs.push(Number(seq))
    this.roomFor -= 1
  }

  hasRoom(): boolean {
    return this.roomFor > 0
  }

  room(): Promise<void> {
    if (this.hasRoom() || this.isClosed) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  isOpen(): boolean {
    return !this.isClosed
  }

  /** The client reads what it was sent and has room for as many again. */
  giveRoom(frames: number): void {
    this.roomFor = frames
    for (const resolve of this.#waiters.splice(0)) resolve()
  }

  close(): void {
    this.isClosed = true
    this.giveRoom(0)
  }
}

async function setup() {
  const database = await createTestDatabase()
  const bus = new LocalEventBus()
  const { sessionId } = await insertSession(database)
  const log = new SessionLog(database, bus)
  const hub = new SessionHub(bus)
  let lastSeq = 0
  const append = async (count: number) => {
    const events = Array.from({ length: count }, () => ({ at: '2026-11-01T12:00:00.000Z', event: EVENT }))
    await log.append(sessionId, lastSeq, events, SUMMARY)
    lastSeq += count
  }
  const follow = (afterSeq = 0) => {
    const sink = new TestSink()
    const follower = new SessionFollower(sessionId, afterSeq, { log, hub, sink })
    onTestFinished(() => {
      follower.stop()
    })
    return { sink, follower }
  }
  return { sessionId, append, follow }
}

/** 1, 2, 3 … */
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('the replay comes first, then one word that it is over, then what happens', async () => {
  const { sessionId, append, follow } = await setup()
  await append(1200)
  const { sink, follower } = follow()

  await follower.start()
  await append(3)

  expect(sink.seqs).toEqual(upTo(1203))
  expect(sink.others).toEqual([JSON.stringify({ type: 'session-subscribed', sessionId, seq: 1200 })])
})

test('who holds some already gets the rest', async () => {
  const { append, follow } = await setup()
  await append(10)
  const { sink, follower } = follow(7)

  await follower.start()

  expect(sink.seqs).toEqual([8, 9, 10])
})

test('what happens during the replay is neither lost nor doubled', async () => {
  const { append, follow } = await setup()
  await append(1500)
  const { sink, follower } = follow()

  const started = follower.start()
  for (let count = 0; count < 20; count += 1) await append(7)
  await started
  await append(1)

  expect(sink.seqs).toEqual(upTo(1500 + 140 + 1))
})

test('a connection without room is sent nothing more, and caught up from the log once it has', async () => {
  const { append, follow } = await setup()
  const { sink, follower } = follow()
  await follower.start()
  sink.roomFor = 0

  for (let count = 0; count < 30; count += 1) await append(100)
  expect(sink.seqs).toEqual([])

  sink.giveRoom(Number.POSITIVE_INFINITY)
  await expect.poll(() => sink.seqs.length).toBe(3000)
  expect(sink.seqs).toEqual(upTo(3000))
})

test('a slow connection gets everything once, in order, a bounded piece at a time', async () => {
  const { append, follow } = await setup()
  const { sink, follower } = follow()
  await follower.start()
  sink.roomFor = 5
  let largestPiece = 0

  for (let count = 0; count < 100; count += 1) {
    const before = sink.seqs.length
    await append(30)
    if (count % 3 === 0) sink.giveRoom(20)
    await new Promise((resolve) => setImmediate(resolve))
    largestPiece = Math.max(largestPiece, sink.seqs.length - before)
  }
  sink.giveRoom(Number.POSITIVE_INFINITY)

  await expect.poll(() => sink.seqs.length).toBe(3000)
  expect(sink.seqs).toEqual(upTo(3000))
  expect(largestPiece).toBeLessThanOrEqual(530)
})

test('a slow connection holds no other one back', async () => {
  const { append, follow } = await setup()
  const slow = follow()
  const fast = follow()
  await Promise.all([slow.follower.start(), fast.follower.start()])
  slow.sink.roomFor = 0

  await append(50)

  expect(fast.sink.seqs).toEqual(upTo(50))
  expect(slow.sink.seqs).toEqual([])
})

test('who leaves, or is gone, gets nothing more', async () => {
  const { append, follow } = await setup()
  const left = follow()
  const gone = follow()
  await Promise.all([left.follower.start(), gone.follower.start()])

  left.follower.stop()
  gone.sink.roomFor = 0
  await append(10)
  gone.sink.close()
  await append(10)

  expect(left.sink.seqs).toEqual([])
  expect(gone.sink.seqs).toEqual([])
})
