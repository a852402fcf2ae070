import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { RequestId, RuleId, UserId } from '#protocol/ids'
import { ScriptedProvider } from '../../../test/support/scripted-provider.ts'
import { TestClock } from '../../../test/support/test-clock.ts'
import { createTestDatabase, insertSession } from '../../../test/support/test-database.ts'
import { LocalEventBus } from '../platform/event-bus.ts'
import { createLogger } from '../platform/logger.ts'
import { createPolicy } from './policy.ts'
import type { Remembered } from './rule-memory.ts'
import { RuleRepository } from './rule-repository.ts'

const DAY_MS = 24 * 60 * 60_000

async function setup() {
  const database = await createTestDatabase()
  const { userId, projectId, sessionId } = await insertSession(database)
  const clock = new TestClock()
  const policy = createPolicy({
    database,
    clock,
    bus: new LocalEventBus(),
    logger: await createLogger('silent', 'json'),
    dataDirectory: '/data',
    provider: () => new ScriptedProvider(),
    project: () => Promise.reject(new Error('not looked for')),
    pastCalls: () => {
      throw new Error('not looked for')
    },
    hasSandbox: () => false,
    recheck: () => Promise.reject(new Error('not looked for')),
  })
  const remember = (rememberFor: Remembered['rememberFor'], command = 'mkdir **') =>
    database.transaction().execute((transaction) =>
      policy.gate.remember(transaction, {
        requestId: RequestId.parse('123e4567-e89b-42d3-a456-426614174000'),
        sessionId,
        rememberFor,
        by: { userId, name: 'ada' },
        suggestion: {
          id: 'shape',
          label: '',
          rule: '',
          sentence: '',
          lifetimes: [rememberFor],
          draft: { decision: 'allow', scope: { kind: 'project', projectId, userId }, match: { command }, reason: '', expiresAt: null },
        },
      }),
    )
  const ended = async () =>
    (await database.selectFrom('audit_log').select('subject').where('action', '=', 'policy.rule_expired').execute()).map(
      ({ subject }) => subject,
    )
  return { database, sessionId, clock, policy, remember, ended, rules: () => new RuleRepository(database).rules() }
}

test('each rule that runs out is taken away and written down once, however many sweep', async () => {
  const { clock, policy, remember, ended, rules } = await setup()
  await remember('forever')
  await remember('day', 'touch **')
  await remember('session', 'ls **')
  policy.gate.changed()
  const shapes = async () => (await rules()).map(({ match }) => match.command).sort()
  await policy.sweep()
  expect(await shapes()).toEqual(['ls **', 'mkdir **', 'touch **'])

  clock.advance(DAY_MS)
  await Promise.all([policy.sweep(), policy.sweep()])
  await policy.sweep()
  expect(await shapes()).toEqual(['ls **', 'mkdir **'])
  expect(await ended()).toHaveLength(1)

  clock.advance(29 * DAY_MS)
  await policy.sweep()
  expect(await shapes()).toEqual(['mkdir **'])
  expect(await ended()).toHaveLength(2)
})

test('what could not be taken away at the end of a turn is taken away later', async () => {
  const { database, policy, remember, rules, sessionId } = await setup()
  await remember('turn')
  await sql`create trigger full before insert on audit_log begin select raise(abort, 'full'); end`.execute(database)

  policy.endTurn(sessionId)
  await expect(policy.sweep()).rejects.toThrow()
  expect(await rules()).toHaveLength(1)
  await sql`drop trigger full`.execute(database)
  await policy.sweep()

  expect(await rules()).toEqual([])
})

test('what is remembered stays below what the policy may hold, and the same again still takes its place', async () => {
  const { database, remember, rules } = await setup()
  await remember('forever')
  const repository = new RuleRepository(database)
  const author = { reason: '', expiresAt: null, author: 'ann', createdAt: '2026-01-01T00:00:00.000Z' }
  const scope = { kind: 'user', userId: UserId.parse('usr_1') } as const
  await database.transaction().execute(async (transaction) => {
    for (let count = 1; count < 1800; count += 1)
      await new RuleRepository(transaction).put({
        id: RuleId.parse(`rul_${String(count)}`),
        decision: 'ask',
        scope,
        match: { tools: ['X'] },
        ...author,
      })
  })

  await expect(remember('forever', 'touch **')).rejects.toThrow('too many rules')
  await remember('forever')

  expect(await repository.count()).toBe(1800)
  expect((await rules()).filter(({ match }) => match.command === 'mkdir **')).toHaveLength(1)
})
