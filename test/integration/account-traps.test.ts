import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { resetPassword } from '../../src/server/auth/passwords/reset-password.ts'
import { startAccountStage } from '../support/account-stage.ts'
import { callApi, Device, PASSWORD } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { invite } from '../support/user-steps.ts'

/*
 * Attacks on accounts that take more than one line to tell: planted cookies, many at once, and what is written down.
 */

test('where a cookie was planted, the browser is told to drop it wherever it may lie', async () => {
  const { ada, eve, stranger } = await startAccountStage()

  const { headers } = await stranger('POST', '/auth/refresh', { headers: { cookie: `${eve.refreshCookie}; ${ada.refreshCookie}` } })

  const dropped = headers.getSetCookie().filter((cookie) => cookie.startsWith('acu_refresh_'))
  expect(dropped.map((cookie) => /Path=([^;]+)/.exec(cookie)?.[1])).toEqual(
    expect.arrayContaining(['/', '/api', '/api/auth', '/api/auth/refresh']),
  )
  expect(dropped.every((cookie) => cookie.includes('=; ') && cookie.includes('Max-Age=0'))).toBe(true)
})

test('a refresh token that somebody chose beforehand is not taken over by the sign-in', async () => {
  const { url, stranger } = await startAccountStage()
  const chosen = `acu_refresh_x=${'A'.repeat(43)}`

  const victim = new Device(
    url,
    await stranger('POST', '/auth/login', { body: { username: 'ada', password: PASSWORD }, headers: { cookie: chosen } }),
  )

  expect(victim.refreshCookie).not.toContain('A'.repeat(43))
  const cookie = `${victim.refreshCookie.split('=')[0] ?? ''}=${'A'.repeat(43)}`
  expect(await stranger('POST', '/auth/refresh', { headers: { cookie } })).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
})

test('of a hundred setup codes at once twenty are looked at', async () => {
  const { url, setupCode } = await startTestApp({ clock: new TestClock() })
  const attempt = (code: string) =>
    callApi(url, 'POST', '/auth/register', { body: { username: 'eve', password: PASSWORD, setupCode: code } })

  const statuses = (await Promise.all(Array.from({ length: 100 }, (_, index) => attempt(`WRONG-${String(index)}`)))).map(
    ({ status }) => status,
  )

  expect(statuses.filter((status) => status === 403)).toHaveLength(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(80)
  expect((await attempt(setupCode ?? '')).status).toBe(429)
})

test('of a reset on the host and a change at the same moment one holds, and the other is told', async () => {
  const { url, ada, database } = await startAccountStage()
  const next = 'a quite new phrase of ada'
  const reset = resetPassword(database, {
    userId: ada.user.id,
    newPassword: null,
    bcryptRounds: 10,
    policy: 'strength',
    actor: 'command line',
  })
  const change = ada.request('POST', '/auth/password', { body: { currentPassword: PASSWORD, newPassword: next } })

  const [onHost, { status }] = await Promise.all([reset.catch(() => null), change])

  const opens = async (password: string) =>
    (await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password } })).status === 200
  expect(onHost === null).toBe(status === 204)
  expect(await opens(next)).toBe(status === 204)
  expect(await opens(onHost?.password ?? 'none was made')).toBe(onHost !== null)
  expect(await opens(PASSWORD)).toBe(false)
})

test('whoever is slowed down is written down with address and device, under the name that is stored', async () => {
  const { database, ada, stranger } = await startAccountStage()
  const { code } = await invite(ada)
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }
  await stranger('POST', '/auth/invitations/accept', { body: { code, username: 'ＢＯＢ', password: PASSWORD }, headers })

  for (let count = 0; count <= 5; count += 1)
    await stranger('POST', '/auth/login', { body: { username: 'bob', password: 'guess' }, headers })

  const entries = await database
    .selectFrom('audit_log')
    .select(['action', 'actor', 'address', 'device'])
    .where('action', 'in', ['auth.login_limited', 'user.invitation_accepted'])
    .orderBy('seq')
    .execute()
  expect(entries).toEqual([
    { action: 'user.invitation_accepted', actor: 'BOB', address: expect.stringMatching(/^198\.51\.100\./), device: 'Firefox on Linux' },
    { action: 'auth.login_limited', actor: 'BOB', address: expect.stringMatching(/^198\.51\.100\./), device: 'Firefox on Linux' },
  ])
})

test('where nothing can be written any more, whoever is signed in reads on', async () => {
  const { database, clock, ada } = await startAccountStage()
  await sql`pragma query_only = 1`.execute(database)
  clock.advance(2 * 60_000)

  expect(await ada.request('GET', '/auth/user')).toMatchObject({ status: 200, body: { username: 'ada' } })
})
