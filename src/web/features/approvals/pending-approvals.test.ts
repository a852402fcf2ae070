import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApprovalRequest } from '#protocol/approvals'
import { ServerMessage } from '#protocol/messages'
import type { Connection } from '../../lib/connection.ts'
import { deadlineOf } from './deadline.ts'
import { PendingApprovals } from './pending-approvals.ts'

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-01T10:00:00.000Z') }))
afterEach(() => vi.useRealTimers())

const request = (requestId: string, more: object = {}) =>
  ApprovalRequest.parse({
    requestId,
    sessionId: 's1',
    provider: 'claude',
    projectId: 'p1',
    approvalKind: 'command',
    toolName: 'Bash',
    toolInput: { command: 'ls' },
    inputHash: 'a'.repeat(64),
    cwd: '/work',
    createdAt: '2026-11-01T10:00:00.000Z',
    expiresAt: '2026-11-01T10:00:55.000Z',
    risk: { level: 'low', reasons: [] },
    suggestions: [],
    canEditInput: true,
    ...more,
  })
const asked = (requestId: string) => ServerMessage.parse({ type: 'claude-permission-request', ...request(requestId) })
const resolved = (requestId: string, outcome = 'allowed') =>
  ServerMessage.parse({
    type: 'permission-resolved',
    requestId,
    sessionId: 's1',
    outcome,
    by: { kind: 'user', name: 'ada', device: 'phone' },
    at: '2026-11-01T10:00:05.000Z',
  })

/** A connection that the test speaks for, and a server whose list of what waits the test changes. */
async function setup(waiting: ApprovalRequest[] = []) {
  const listeners = new Set<(message: ServerMessage) => void>()
  const stateListeners = new Set<() => void>()
  const server = { waiting, isDown: false }
  const send = (message: ServerMessage) => {
    for (const listen of listeners) listen(message)
  }
  const connection: Connection = {
    state: 'open',
    subscribeState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    onMessage: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    follow: () => () => undefined,
    startSession: () => Promise.reject(new Error('not used')),
    prompt: () => Promise.reject(new Error('not used')),
    interrupt: () => undefined,
    decide: (requestId) => {
      const message = resolved(requestId)
      if (message.type !== 'permission-resolved') throw new Error('unexpected message')
      send(message)
      return Promise.resolve(message)
    },
  }
  const store = new PendingApprovals(connection, () =>
    server.isDown ? Promise.reject(new Error('down')) : Promise.resolve(server.waiting),
  )
  await vi.advanceTimersByTimeAsync(0)
  const reconnect = async () => {
    for (const notify of stateListeners) notify()
    await vi.advanceTimersByTimeAsync(0)
  }
  return { store, send, server, reconnect, ids: () => store.state.approvals.map((approval) => approval.request.requestId) }
}

test('what waited before and what is asked now are both shown, once', async () => {
  const { ids, send } = await setup([request('r1')])
  send(asked('r2'))
  send(asked('r2'))
  expect(ids()).toEqual(['r1', 'r2'])
})

test('what was decided elsewhere says so for four seconds, what nobody decided stays until it was read', async () => {
  const { store, send, ids } = await setup([request('r1'), request('r2')])
  send(resolved('r1', 'denied'))
  send(resolved('r2', 'timed-out'))
  expect(store.state.approvals[0]?.resolution).toMatchObject({ outcome: 'denied', by: { name: 'ada' } })

  await vi.advanceTimersByTimeAsync(4000)
  expect(ids()).toEqual(['r2'])
  store.dismiss(request('r2').requestId)
  expect(ids()).toEqual([])
})

test('what was decided here leaves at once', async () => {
  const { store, ids } = await setup([request('r1')])
  await store.decide(request('r1').requestId, { allow: true })
  expect(ids()).toEqual([])
})

test('after a break what the server no longer names is gone', async () => {
  const { server, reconnect, ids } = await setup([request('r1'), request('r2')])
  server.waiting = [request('r2'), request('r3')]
  await reconnect()
  expect(ids()).toEqual(['r2', 'r3'])
})

test('a server that cannot be asked is told, and what is known stays', async () => {
  const { store, server, send, reconnect, ids } = await setup()
  server.isDown = true
  send(asked('r1'))
  await reconnect()
  expect(ids()).toEqual(['r1'])
  expect(store.state).toMatchObject({ load: 'loaded', error: 'down' })
})

test('the deadline is the server’s where the clocks agree, else counted from now', () => {
  const { createdAt, expiresAt } = request('r1')
  const made = Date.parse(createdAt)
  expect(deadlineOf({ createdAt, expiresAt }, made + 20_000)).toBe(made + 55_000)
  expect(deadlineOf({ createdAt, expiresAt }, made - 60_000)).toBe(made - 60_000 + 55_000)
  expect(deadlineOf({ createdAt, expiresAt }, made + 3_600_000)).toBe(made + 3_600_000 + 55_000)
  expect(deadlineOf({ createdAt, expiresAt: null }, made)).toBeNull()
})
