import { expect, test } from 'vitest'
import { LoginId } from '#protocol/ids'
import { TestClock } from '../../../../test/support/test-clock.ts'
import { createTestDatabase, insertUser } from '../../../../test/support/test-database.ts'
import { LocalEventBus } from '../../platform/event-bus.ts'
import { AuthRepository } from '../auth-repository.ts'
import { LoginHousekeeping } from './login-housekeeping.ts'
import { Notices } from './notices.ts'

const DAY_MS = 24 * 60 * 60_000

async function setup() {
  const database = await createTestDatabase()
  const clock = new TestClock()
  const userId = await insertUser(database, { username: 'ada', password: 'unused words' })
  const repository = new AuthRepository(database)
  /** A login with one token, used and ended so many days ago. */
  const insertLogin = async (name: string, daysAgo: number, isEnded: boolean) => {
    const id = LoginId.parse(name)
    const at = new Date(clock.now().getTime() - daysAgo * DAY_MS).toISOString()
    const expires_at = new Date(clock.now().getTime() + (30 - daysAgo) * DAY_MS).toISOString()
    const times = { created_at: at, last_used_at: at, fresh_at: at, expires_at, ended_at: isEnded ? at : null }
    const rest = { device: 'curl', address: '127.0.0.1', method: 'password', end_reason: null } as const
    await repository.insertLogin({ id, user_id: userId, ...times, ...rest })
    await repository.insertRefreshToken({ hash: `hash-${name}`, login_id: id, created_at: at, used_at: null, attempt_hash: null })
    return id
  }
  const namesIn = async (table: 'logins' | 'refresh_tokens') =>
    table === 'logins'
      ? (await database.selectFrom('logins').select('id').execute()).map(({ id }) => String(id))
      : (await database.selectFrom('refresh_tokens').select('login_id').execute()).map(({ login_id: id }) => String(id))
  return { database, clock, userId, repository, insertLogin, namesIn, housekeeping: new LoginHousekeeping({ database, clock }) }
}

test('logins that are over are kept for ninety days, their tokens for one', async () => {
  const { housekeeping, insertLogin, namesIn } = await setup()
  await insertLogin('log_live', 0, false)
  await insertLogin('log_ended_now', 0, true)
  await insertLogin('log_ended', 89, true)
  await insertLogin('log_expired', 89, false)
  await insertLogin('log_ended_long_ago', 91, true)
  await insertLogin('log_expired_long_ago', 91, false)

  await housekeeping.sweep()

  expect((await namesIn('logins')).sort()).toEqual(['log_ended', 'log_ended_now', 'log_expired', 'log_live'])
  expect((await namesIn('refresh_tokens')).sort()).toEqual(['log_ended_now', 'log_live'])
})

test('a login with a ticket that nobody used goes too', async () => {
  const { housekeeping, insertLogin, namesIn, repository } = await setup()
  const id = await insertLogin('log_old', 91, true)
  await repository.insertTicket({ hash: 'ticket', login_id: id, api_key_id: null, expires_at: '2026-01-01T00:00:00.000Z' })

  await housekeeping.sweep()

  expect(await namesIn('logins')).toEqual([])
})

test('much is removed in steps, one with each sweep, and then there is a rest', async () => {
  const { housekeeping, insertLogin, namesIn, clock } = await setup()
  for (let count = 0; count < 250; count += 1) await insertLogin(`log_${String(count)}`, 91, true)

  await housekeeping.sweep()
  expect(await namesIn('logins')).toHaveLength(50)
  await housekeeping.sweep()
  expect(await namesIn('logins')).toEqual([])

  await insertLogin('log_late', 91, true)
  await housekeeping.sweep()
  expect(await namesIn('logins')).toEqual(['log_late'])
  clock.advance(10 * 60_000)
  await housekeeping.sweep()
  expect(await namesIn('logins')).toEqual([])
})

test('notices are kept for a month after they were read, and until then', async () => {
  const { database, clock, userId, housekeeping } = await setup()
  const notices = new Notices({ database, clock, bus: new LocalEventBus() })
  const read = await notices.add(database, { userId, kind: 'password-changed' })
  await notices.add(database, { userId, kind: 'failed-logins' })
  await notices.markRead([read.id], userId)
  clock.advance(31 * DAY_MS)

  await housekeeping.sweep()

  expect(await database.selectFrom('notices').select('kind').execute()).toEqual([{ kind: 'failed-logins' }])
})

test('of the used tokens of a login the newest are remembered, and the one in use always', async () => {
  const { database, insertLogin, repository, clock } = await setup()
  const id = await insertLogin('log_busy', 0, false)
  const other = await insertLogin('log_other', 0, false)
  await repository.useRefreshToken('hash-log_other', '2026-01-01T00:00:00.000Z', null)
  for (let count = 0; count < 6; count += 1) {
    const at = new Date(clock.now().getTime() + count).toISOString()
    await repository.insertRefreshToken({ hash: `used-${String(count)}`, login_id: id, created_at: at, used_at: at, attempt_hash: null })
  }

  await repository.forgetUsedTokens(id, 4)

  const left = await database.selectFrom('refresh_tokens').select('hash').orderBy('hash').execute()
  expect(left.map(({ hash }) => hash)).toEqual(['hash-log_busy', 'hash-log_other', 'used-2', 'used-3', 'used-4', 'used-5'])
  expect(await repository.findLogin(other)).toBeDefined()
})
