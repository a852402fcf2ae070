import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callApi, Device, PASSWORD, register, signIn } from '../support/api-client.ts'
import { SocketClient } from '../support/socket-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { within } from '../support/within.ts'

/*
 * Accounts and logins over HTTP and sockets, on the real database.
 */

async function setup(options: TestAppOptions = {}) {
  const server = await startTestApp(options)
  return { ...server, device: await register(server.url, server.setupCode) }
}

const refresh = (url: string, cookie: string) => callApi(url, 'POST', '/auth/refresh', { headers: { cookie } })

const registration = (setupCode: string | null, username = 'ada') => ({
  body: { username, password: PASSWORD, setupCode: setupCode ?? '' },
})

test('the first account needs the setup code of the host', async () => {
  const { url, setupCode, folder } = await startTestApp()
  expect((await callApi(url, 'GET', '/auth/status')).body).toEqual({
    needsSetup: true,
    authenticated: false,
    platformMode: false,
    demo: false,
  })

  expect(await callApi(url, 'POST', '/auth/register', registration('WRONG-CODE'))).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN' },
  })
  const made = await callApi(url, 'POST', '/auth/register', registration(setupCode?.toLowerCase().replaceAll('-', ' ') ?? ''))

  expect(made).toMatchObject({ status: 201, body: { expiresIn: 900, user: { username: 'ada', role: 'owner' } } })
  expect((await callApi(url, 'GET', '/auth/status')).body).toMatchObject({ needsSetup: false })
  expect(existsSync(join(folder, 'data', 'setup-code'))).toBe(false)
})

test('there is no second account by registration, also with the right code', async () => {
  const { url, setupCode } = await setup()

  const again = await callApi(url, 'POST', '/auth/register', registration(setupCode, 'eve'))

  expect(again).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
})

test('of 20 registrations at once one makes the account', async () => {
  const { url, setupCode, database, folder } = await startTestApp()

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => callApi(url, 'POST', '/auth/register', registration(setupCode, `user${String(index)}`))),
  )

  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 403)])
  expect(await database.selectFrom('users').select('role').execute()).toEqual([{ role: 'owner' }])
  expect(existsSync(join(folder, 'data', 'setup-code'))).toBe(false)
})

test('a password that is refused says what to change, and makes no account', async () => {
  const { url, setupCode } = await startTestApp()

  const refused = await callApi(url, 'POST', '/auth/register', { body: { username: 'ada', password: 'short', setupCode } })

  expect(refused).toMatchObject({ status: 400, body: { code: 'PASSWORD_REJECTED', error: expect.stringContaining('10 characters') } })
  expect((await callApi(url, 'GET', '/auth/status')).body).toMatchObject({ needsSetup: true })
})

test('an unknown user, a wrong password and a disabled user are told alike', async () => {
  const { url, database, device } = await setup()
  const login = async (username: string, password: string) => {
    const { status, body } = await callApi(url, 'POST', '/auth/login', { body: { username, password } })
    return { status, body }
  }
  const wrong = await login('ada', 'not the password')

  expect(wrong).toEqual({ status: 401, body: { code: 'INVALID_CREDENTIALS', error: expect.any(String) } })
  expect(await login('nobody', PASSWORD)).toEqual(wrong)
  expect(await login('ada', `${PASSWORD}${'x'.repeat(80)}`)).toEqual(wrong)
  await database.updateTable('users').set({ disabled_at: '2026-01-01T00:00:00.000Z' }).where('id', '=', device.user.id).execute()
  expect(await login('ada', PASSWORD)).toEqual(wrong)
})

test('a name is one person however it is written', async () => {
  const { url } = await setup()

  const { user } = await signIn(url, 'ＡＤＡ')

  expect(user.username).toBe('ada')
})

test('guessing is slowed down, by account too, and told when to try again', async () => {
  const clock = new TestClock()
  const { url } = await setup({ clock })
  const guess = () => callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: 'not the password' } })
  const answers = []
  for (let count = 0; count < 6; count += 1) answers.push(await guess())

  expect(answers.slice(0, 5).every(({ status }) => status === 401)).toBe(true)
  expect(answers[5]).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', details: { retryAfter: 4 } } })
  expect(answers[5]?.headers.get('retry-after')).toBe('4')
  clock.advance(4000)
  expect((await guess()).status).toBe(401)
})

test('cookies are out of the reach of scripts and other sites', async () => {
  const { url } = await setup()

  const { headers } = await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: PASSWORD } })

  expect(headers.getSetCookie()).toEqual([
    expect.stringMatching(/^acu_device_\w+=[\w-]{43}; Path=\/api\/auth; HttpOnly; SameSite=Strict; Max-Age=34560000$/),
    expect.stringMatching(/^acu_refresh_\w+=[\w-]{43}; Path=\/api\/auth; HttpOnly; SameSite=Strict; Max-Age=2592000$/),
    expect.stringMatching(/^acu_signed_in_\w+=1; Path=\/; SameSite=Strict; Max-Age=2592000$/),
  ])
})

test('behind a trusted proxy with TLS cookies are for TLS alone', async () => {
  const { url } = await setup({ environment: { TRUST_PROXY: '127.0.0.1' } })

  const { headers } = await callApi(url, 'POST', '/auth/login', {
    body: { username: 'ada', password: PASSWORD },
    headers: { 'x-forwarded-proto': 'https' },
  })

  expect(headers.getSetCookie().every((cookie) => cookie.endsWith('; Secure'))).toBe(true)
  expect(headers.get('strict-transport-security')).toContain('max-age=')
})

test('no secret is stored as it is', async () => {
  const { database, device } = await setup()
  const { ticket } = (await device.request('POST', '/auth/ws-ticket')).body as { ticket: string }

  const tables = await Promise.all(
    (['users', 'logins', 'refresh_tokens', 'ws_tickets', 'audit_log'] as const).map((table) =>
      database.selectFrom(table).selectAll().execute(),
    ),
  )

  const stored = JSON.stringify(tables)
  const refreshToken = device.refreshCookie.split('=')[1] ?? ''
  expect(refreshToken).toHaveLength(43)
  for (const secret of [PASSWORD, device.token, refreshToken, ticket]) expect(stored).not.toContain(secret)
})

test('a refresh token is exchanged for the next one, and both tokens work', async () => {
  const { url, device } = await setup()

  const exchanged = await refresh(url, device.refreshCookie)

  const next = new Device(url, exchanged)
  expect(next.refreshCookie).not.toBe(device.refreshCookie)
  expect((await next.request('GET', '/auth/user')).body).toMatchObject({ username: 'ada' })
  expect((await refresh(url, next.refreshCookie)).status).toBe(200)
})

test('a refresh token used twice ends the whole login, tokens and sockets, and no other', async () => {
  const { url, device } = await setup()
  const other = await signIn(url)
  const otherSocket = await other.connect()
  const socket = await device.connect()
  const next = new Device(url, await refresh(url, device.refreshCookie))

  const reused = await refresh(url, device.refreshCookie)

  expect(reused).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })
  expect(reused.headers.getSetCookie().every((cookie) => cookie.includes('Max-Age=0'))).toBe(true)
  expect(await within(1000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 4401 })
  expect(await next.request('GET', '/auth/user')).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
  expect((await refresh(url, next.refreshCookie)).status).toBe(401)
  expect((await other.request('GET', '/auth/user')).status).toBe(200)
  await otherSocket.roundTrip()
})

test('an unknown refresh token and none are refused', async () => {
  const { url, device } = await setup()

  expect(await refresh(url, device.refreshCookie.replace(/.$/, '-'))).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
  expect(await callApi(url, 'POST', '/auth/refresh')).toMatchObject({ status: 401 })
})

test('signing out ends the token, the refresh token and the sockets of this device alone', async () => {
  const { url, device } = await setup()
  const other = await signIn(url)
  const socket = await device.connect()

  const answer = await device.request('POST', '/auth/logout')

  expect(answer.status).toBe(204)
  expect(answer.headers.getSetCookie().every((cookie) => cookie.includes('Max-Age=0'))).toBe(true)
  expect(await within(1000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 4401 })
  expect((await device.request('GET', '/auth/user')).status).toBe(401)
  expect((await refresh(url, device.refreshCookie)).status).toBe(401)
  expect(await SocketClient.refused(url, { query: `token=${device.token}` })).toMatchObject({ status: 401 })
  expect((await other.request('GET', '/auth/user')).status).toBe(200)
})

test('signing out everywhere ends every device', async () => {
  const { url, device } = await setup()
  const other = await signIn(url)
  const sockets = [await device.connect(), await other.connect()]

  expect((await device.request('POST', '/auth/logout-all')).status).toBe(204)

  for (const socket of sockets) expect(await within(1000, 'the sockets to be closed', socket.closed)).toMatchObject({ code: 4401 })
  for (const each of [device, other]) expect((await each.request('GET', '/auth/user')).status).toBe(401)
})

test('a ticket opens one socket, once, for half a minute', async () => {
  const clock = new TestClock()
  const { url, device } = await setup({ clock })
  const ticket = async () => {
    const { body } = await device.request('POST', '/auth/ws-ticket')
    expect(body).toEqual({ ticket: expect.stringMatching(/^[\w-]{43}$/), expiresIn: 30 })
    return (body as { ticket: string }).ticket
  }
  const first = await ticket()

  await (await SocketClient.connect(url, { query: `ticket=${first}` })).roundTrip()

  expect(await SocketClient.refused(url, { query: `ticket=${first}` })).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
  const late = await ticket()
  clock.advance(30_001)
  expect(await SocketClient.refused(url, { query: `ticket=${late}` })).toMatchObject({ status: 401 })
})

test('a ticket of a login that has ended opens nothing', async () => {
  const { url, device } = await setup()
  const { ticket } = (await device.request('POST', '/auth/ws-ticket')).body as { ticket: string }
  await device.request('POST', '/auth/logout')

  expect(await SocketClient.refused(url, { query: `ticket=${ticket}` })).toMatchObject({ status: 401 })
})

test('a token that expired is told as such on HTTP and for a new socket, while an open socket goes on', async () => {
  const clock = new TestClock()
  const { url, device } = await setup({ clock })
  const socket = await device.connect()

  clock.advance(931_000)

  expect(await device.request('GET', '/auth/user')).toMatchObject({ status: 401, body: { code: 'TOKEN_EXPIRED' } })
  expect(await SocketClient.refused(url, { query: `token=${device.token}` })).toMatchObject({
    status: 401,
    body: { code: 'TOKEN_EXPIRED' },
  })
  // A socket belongs to the login, which lives on; the token only opened it.
  await socket.roundTrip()
  const next = new Device(url, await refresh(url, device.refreshCookie))
  expect((await next.request('GET', '/auth/user')).status).toBe(200)
})

test('a login ends by itself at the end of its time', async () => {
  const clock = new TestClock()
  const { url, device } = await setup({ clock, environment: { REFRESH_TOKEN_TTL: '3600' } })

  clock.advance(3_600_001)

  expect((await refresh(url, device.refreshCookie)).status).toBe(401)
})

test('who signed in where is in the audit log', async () => {
  const { url, database, device } = await setup()
  await callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password: 'not the password' } })
  await signIn(url)
  await device.request('POST', '/auth/logout')

  const entries = await database
    .selectFrom('audit_log')
    .where('action', 'like', 'auth.%')
    .select(['actor', 'action', 'device', 'address'])
    .orderBy('at')
    .execute()

  expect(entries.map(({ action }) => action)).toEqual(['auth.registered', 'auth.login', 'auth.login_failed', 'auth.login', 'auth.logout'])
  expect(entries[3]).toEqual({ actor: 'ada', action: 'auth.login', device: 'Firefox on Linux', address: '127.0.0.1' })
})
