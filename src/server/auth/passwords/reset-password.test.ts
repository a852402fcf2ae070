import { expect, test } from 'vitest'
import { UserId } from '#protocol/ids'
import { createTestDatabase, insertUser } from '../../../../test/support/test-database.ts'
import { TestClock } from '../../../../test/support/test-clock.ts'
import { LoginId } from '#protocol/ids'
import { AuthRepository } from '../auth-repository.ts'
import { LoginThrottle } from '../throttle/login-throttle.ts'
import { TrustedDevices } from '../throttle/trusted-devices.ts'
import { Passwords } from './passwords.ts'
import { generatePassword, resetPassword } from './reset-password.ts'

const AT = '2026-11-01T12:00:00.000Z'

async function setup() {
  const database = await createTestDatabase()
  const userId = await insertUser(database, { username: 'ada', password: 'the forgotten phrase' })
  await new AuthRepository(database).insertLogin({
    id: LoginId.parse('log_1'),
    user_id: userId,
    device: 'Firefox on Linux',
    address: '127.0.0.1',
    created_at: AT,
    last_used_at: AT,
    expires_at: '2099-01-01T00:00:00.000Z',
    ended_at: null,
    end_reason: null,
    method: 'password',
    fresh_at: AT,
  })
  await database
    .insertInto('trusted_devices')
    .values({ hash: 'of a device', user_id: userId, created_at: AT, last_used_at: AT, expires_at: '2099-01-01T00:00:00.000Z' })
    .execute()
  await database
    .insertInto('totp_secrets')
    .values({ user_id: userId, secret: 'JBSWY3DPEHPK3PXP', created_at: AT, confirmed_at: AT, last_step: 0 })
    .execute()
  const options = {
    userId,
    newPassword: null,
    bcryptRounds: 10,
    policy: 'strength',
    actor: 'command line',
    clock: new TestClock(AT),
  } as const
  return { database, userId, options, passwords: new Passwords({ database, bcryptRounds: 10, policy: 'strength' }) }
}

test('a reset ends what the old password had opened, keeps second factors, and is told', async () => {
  const { database, userId, options, passwords } = await setup()

  const { password } = await resetPassword(database, options)

  const user = await new AuthRepository(database).findUser(userId)
  expect(await passwords.matches(password, user?.password_hash ?? null)).toBe(true)
  expect(user?.password_changed_at).toBe(AT)
  expect(await database.selectFrom('logins').select(['ended_at', 'end_reason']).execute()).toEqual([
    { ended_at: AT, end_reason: 'password reset' },
  ])
  expect(await database.selectFrom('trusted_devices').selectAll().execute()).toEqual([])
  expect(await database.selectFrom('totp_secrets').selectAll().execute()).toHaveLength(1)
  expect(await database.selectFrom('notices').select(['user_id', 'kind', 'read_at']).execute()).toEqual([
    { user_id: userId, kind: 'password-reset', read_at: null },
  ])
  const entries = await database.selectFrom('audit_log').selectAll().execute()
  expect(entries).toMatchObject([{ actor: 'command line', action: 'user.password_reset', subject: userId }])
  expect(JSON.stringify(entries)).not.toContain(password)
})

test('guesses at the old password keep nobody waiting with the new one', async () => {
  const { database, options } = await setup()
  const { clock } = options
  const throttle = new LoginThrottle({ database, clock, devices: new TrustedDevices({ database, clock }) })
  const attempt = { address: '203.0.113.9', account: 'ada', deviceToken: null }
  for (let count = 0; count < 5; count += 1) await throttle.admit(attempt)
  await expect(throttle.admit(attempt)).rejects.toMatchObject({ code: 'RATE_LIMITED' })

  await resetPassword(database, options)

  expect((await throttle.admit(attempt)).isTrusted).toBe(false)
})

test('a password that is chosen obeys the rules', async () => {
  const { database, options } = await setup()

  for (const newPassword of ['short', 'password1234', 'the forgotten phrase'])
    await expect(resetPassword(database, { ...options, newPassword })).rejects.toMatchObject({ code: 'PASSWORD_REJECTED' })
  expect(await resetPassword(database, { ...options, newPassword: 'quite another phrase' })).toMatchObject({
    password: 'quite another phrase',
  })
})

test('there is nothing to reset for nobody', async () => {
  const { database, options } = await setup()

  await expect(resetPassword(database, { ...options, userId: UserId.parse('usr_none') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('made passwords are long, random and easy to copy', () => {
  const made = new Set(Array.from({ length: 100 }, generatePassword))

  expect(made.size).toBe(100)
  for (const password of made) expect(password).toMatch(/^([2-9bcdfghjkmnpqrstvwxz]{5}-){3}[2-9bcdfghjkmnpqrstvwxz]{5}$/)
})
