import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SessionId } from '#protocol/ids'
import type { ServerMessage } from '#protocol/messages'
import { ServerMessage as ServerMessageSchema } from '#protocol/messages'
import type { Connection } from './connection.ts'
import { SessionStores } from './session-store.ts'

const sessionId = SessionId.parse('ses_1')

function setup() {
  const listeners = new Set<(message: ServerMessage) => void>()
  const subscriptions: number[] = []
  let followers = 0
  const connection: Connection = {
    state: 'open',
    subscribeState: () => () => {},
    onMessage: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    follow: (_id, afterSeq) => {
      subscriptions.push(afterSeq())
      followers += 1
      return () => (followers -= 1)
    },
    startSession: async () => ({ sessionId }),
    prompt: async () => {},
    interrupt: () => {},
    decide: async () => Promise.reject(new Error('no decision here')),
  }
  const say = (message: object) => {
    const parsed = ServerMessageSchema.parse(message)
    for (const listen of listeners) listen(parsed)
  }
  const stores = new SessionStores(connection)
  return { stores, store: stores.get(sessionId), say, subscriptions, followers: () => followers }
}

function delta(seq: number, of: string = sessionId) {
  const event = { v: 1, kind: 'block.delta', blockId: 'b1', text: `${seq} ` }
  return { type: 'session-event', sessionId: of, seq, at: '2026-11-23T10:00:00.000Z', event }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { visibilityState: 'visible' })
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame, 16))
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => clearTimeout(frame))
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('many events within a frame are told once', async () => {
  const { store, say } = setup()
  const notified = vi.fn()
  store.subscribe(notified)
  for (let seq = 1; seq <= 50; seq += 1) say(delta(seq))
  expect(notified).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(300)
  expect(notified).toHaveBeenCalledOnce()
  expect(store.view.lastSeq).toBe(50)
})

test('events of other sessions, and those that are known already, change nothing', async () => {
  const { store, say } = setup()
  store.subscribe(() => {})
  say(delta(1))
  say(delta(1))
  say(delta(2, 'ses_2'))
  await vi.advanceTimersByTimeAsync(300)
  expect(store.view.lastSeq).toBe(1)
})

test('a gap is closed by asking once from the last event that is known', async () => {
  const { store, say, subscriptions, followers } = setup()
  store.subscribe(() => {})
  say(delta(1))
  say(delta(4))
  say(delta(5))
  expect(subscriptions).toEqual([0, 1])
  expect(followers()).toBe(1)
  for (const seq of [2, 3, 4, 5]) say(delta(seq))
  await vi.advanceTimersByTimeAsync(300)
  expect(store.view.lastSeq).toBe(5)
  say(delta(9))
  expect(subscriptions).toEqual([0, 1, 5])
})

test('a session is loaded once its log was read to the end, or failed where the server refuses it', async () => {
  const { store, say } = setup()
  store.subscribe(() => {})
  expect(store.load.status).toBe('loading')
  say({ type: 'error', code: 'NOT_FOUND', error: 'No such session.', sessionId })
  await vi.advanceTimersByTimeAsync(300)
  expect(store.load).toEqual({ status: 'failed', message: 'No such session.', isGone: true })
  say({ type: 'session-subscribed', sessionId, seq: 0 })
  await vi.advanceTimersByTimeAsync(300)
  expect(store.load).toEqual({ status: 'live' })
})

test('a session that nobody shows is followed a while longer, then left', async () => {
  const { stores, store, followers } = setup()
  const stop = store.subscribe(() => {})
  stop()
  expect(followers()).toBe(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(followers()).toBe(0)
  expect(stores.get(sessionId)).not.toBe(store)
})
