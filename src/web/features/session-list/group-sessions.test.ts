import { expect, test } from 'vitest'
import { Session } from '#protocol/sessions'
import { groupSessions } from './group-sessions.ts'

const now = new Date(2026, 10, 23, 12, 0)

const everyone = () => true

function session(id: string, fields: Partial<Session>): Session {
  return Session.parse({
    id,
    provider: 'claude',
    projectId: 'prj_1',
    title: id,
    state: 'idle',
    mode: 'default',
    model: null,
    usage: null,
    lastSeq: 1,
    pendingApprovals: 0,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    ...fields,
  })
}

test('what waits comes first, then what works, then the days', () => {
  const yesterday = new Date(2026, 10, 22, 9, 0).toISOString()
  const groups = groupSessions(
    [
      session('done', {}),
      session('old', { updatedAt: yesterday }),
      session('busy', { state: 'running' }),
      session('asks', { state: 'requires_action' }),
    ],
    now,
    everyone,
  )
  expect(groups.map((group) => [group.title, group.sessions.map((member) => member.id)])).toEqual([
    ['Waiting for you', ['asks']],
    ['Working', ['busy']],
    ['Today', ['done']],
    ['Yesterday', ['old']],
  ])
})

test('a decision that is due brings a session forward, also when its turn has ended', () => {
  const [group] = groupSessions([session('asks', { state: 'idle', pendingApprovals: 1 })], now, everyone)
  expect(group?.isWaiting).toBe(true)
})

test('what waits for somebody else is under way and asks nothing of this person', () => {
  const asks = session('asks', { state: 'running', pendingApprovals: 1, updatedAt: new Date(2026, 10, 22, 9, 0).toISOString() })
  expect(groupSessions([asks], now, () => false)).toEqual([{ title: 'Working', isWaiting: false, sessions: [asks] }])
})

test('groups without a session are left out', () => {
  expect(groupSessions([], now, everyone)).toEqual([])
})
