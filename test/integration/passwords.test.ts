import { hash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { callApi, Device, PASSWORD, register, signIn } from '../support/api-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { within } from '../support/within.ts'

/*
 * Choosing, changing and checking passwords over HTTP, on the real database.
 */

const NEXT = 'quite another phrase'

async function setup(options: TestAppOptions = {}) {
  const server = await startTestApp(options)
  return { ...server, device: await register(server.url, server.setupCode) }
}

const change = (device: Device, currentPassword = PASSWORD, newPassword = NEXT, cookie = device.refreshCookie) =>
  device.request('POST', '/auth/password', { body: { currentPassword, newPassword }, headers: { cookie } })

const login = (url: string, password: string, headers: Record<string, string> = {}) =>
  callApi(url, 'POST', '/auth/login', { body: { username: 'ada', password }, headers })

const refresh = (url: string, cookie: string) => callApi(url, 'POST', '/auth/refresh', { headers: { cookie } })

test('a change ends every other login, its sockets and its refresh token; this one goes on', async () => {
  const { url, device } = await setup()
  const other = await signIn(url)
  const [socket, otherSocket] = [await device.connect(), await other.connect()]

  expect(await change(device)).toMatchObject({ status: 204, body: '' })

  expect(await within(1000, 'the socket to be closed', otherSocket.closed)).toMatchObject({ code: 4401 })
  expect((await other.request('GET', '/auth/user')).status).toBe(401)
  expect((await refresh(url, other.refreshCookie)).status).toBe(401)
  await socket.roundTrip()
  expect((await device.request('GET', '/auth/user')).status).toBe(200)
  const next = new Device(url, await refresh(url, device.refreshCookie))
  expect((await next.request('GET', '/auth/user')).status).toBe(200)
  expect([(await login(url, PASSWORD)).status, (await login(url, NEXT)).status]).toEqual([401, 200])
})

test('a change is recorded and told, without the passwords', async () => {
  const { device, database } = await setup()

  await change(device)

  const entry = await database.selectFrom('audit_log').selectAll().where('action', '=', 'auth.password_changed').executeTakeFirst()
  expect(entry).toMatchObject({ actor: 'ada', subject: device.user.id, address: '127.0.0.1' })
  const notices = await database.selectFrom('notices').selectAll().where('kind', '=', 'password-changed').execute()
  expect(notices).toMatchObject([{ user_id: device.user.id, read_at: null }])
  const stored = JSON.stringify(
    await Promise.all([
      database.selectFrom('audit_log').selectAll().execute(),
      database.selectFrom('users').selectAll().execute(),
      database.selectFrom('password_history').selectAll().execute(),
      database.selectFrom('notices').selectAll().execute(),
    ]),
  )
  for (const secret of [PASSWORD, NEXT]) expect(stored).not.toContain(secret)
})

test('the current password is asked for, told apart from a login that ended, and slowed down with the logins', async () => {
  const clock = new TestClock()
  const { url, device, database } = await setup({ clock })

  const wrong = await change(device, 'not the password')

  expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS', error: 'The current password is wrong.' } })
  expect(wrong.headers.getSetCookie()).toEqual([])
  expect((await device.request('GET', '/auth/user')).status).toBe(200)
  for (let count = 0; count < 4; count += 1) await change(device, 'not the password', NEXT, '')
  expect(await change(device, PASSWORD, NEXT, '')).toMatchObject({
    status: 429,
    body: { code: 'RATE_LIMITED', details: { retryAfter: 4 } },
  })
  expect((await login(url, PASSWORD)).status).toBe(429)
  clock.advance(4000)
  expect((await change(device)).status).toBe(204)
  const failures = await database.selectFrom('audit_log').select('actor').where('action', '=', 'auth.password_change_failed').execute()
  expect(failures).toHaveLength(5)
})

test.for([
  ['short7!', 'too-short'],
  ['password1234', 'too-weak'],
  ['ada ada ada ada', 'too-weak'],
  ['aicodeui2026', 'too-weak'],
  ['x'.repeat(73), 'too-long'],
  ['a phrase with a \0 in it', 'nul'],
  [PASSWORD, 'unchanged'],
] as const)('"%s" is refused as %s, and nothing changes', async ([password, reason]) => {
  const { url, device } = await setup()
  const other = await signIn(url)

  expect(await change(device, PASSWORD, password)).toMatchObject({
    status: 400,
    body: { code: 'PASSWORD_REJECTED', error: expect.any(String), details: { reason, suggestions: expect.any(Array) } },
  })

  expect((await other.request('GET', '/auth/user')).status).toBe(200)
})

test('a password that was used before is refused until five others were', async () => {
  const { device } = await setup()
  const phrases = [PASSWORD, ...Array.from({ length: 5 }, (_, index) => `phrase number ${String(index)} of five`)]
  for (const [index, phrase] of phrases.slice(1).entries()) {
    expect((await change(device, phrases[index], phrase)).status).toBe(204)
    if (index < 4) expect(await change(device, phrase, PASSWORD)).toMatchObject({ body: { details: { reason: 'used-before' } } })
  }

  expect((await change(device, phrases[5], PASSWORD)).status).toBe(204)
})

test('where an organisation demands complexity, phrases need it too', async () => {
  const { url, setupCode } = await startTestApp({ environment: { PASSWORD_POLICY: 'complexity' } })
  const choose = (password: string) => callApi(url, 'POST', '/auth/register', { body: { username: 'ada', password, setupCode } })

  expect(await choose(PASSWORD)).toMatchObject({ status: 400, body: { details: { reason: 'too-simple' } } })
  expect((await choose('Correct horse battery 4')).status).toBe(201)
})

test('of two changes at once one wins, and its password is the one that works', async () => {
  const { url, device } = await setup()
  const candidates = ['the first of two phrases', 'the second of two phrases']

  const answers = await Promise.all(candidates.map((candidate) => change(device, PASSWORD, candidate)))

  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
  const works = await Promise.all(candidates.map(async (candidate) => (await login(url, candidate)).status))
  expect(works).toEqual(answers.map(({ status }) => (status === 204 ? 200 : 401)))
})

test('a login with the old password that was on its way when it was changed does not get through', async () => {
  const { url, device, database } = await setup()

  const [, ...logins] = await Promise.all([change(device), login(url, PASSWORD), login(url, PASSWORD), login(url, PASSWORD)])

  for (const answer of logins.filter(({ status }) => status === 200))
    expect((await new Device(url, answer).request('GET', '/auth/user')).status).toBe(401)
  const alive = await database.selectFrom('logins').select('method').where('ended_at', 'is', null).execute()
  expect(alive).toEqual([{ method: 'setup' }])
})

test('an account without a password cannot change it, and says how to get one', async () => {
  const { device, database } = await setup()
  await database.updateTable('users').set({ password_hash: '' }).execute()

  expect(await change(device)).toMatchObject({ status: 409, body: { code: 'CONFLICT', error: expect.stringContaining('reset-password') } })
})

test('a weaker hash is upgraded by a login, which is the same otherwise', async () => {
  const { url, database } = await setup()
  await database
    .updateTable('users')
    .set({ password_hash: await hash(PASSWORD, { cost: 4 }) })
    .execute()

  expect((await login(url, PASSWORD)).status).toBe(200)

  const { password_hash: stored } = await database.selectFrom('users').select('password_hash').executeTakeFirstOrThrow()
  expect(stored).toMatch(/^\$2b\$10\$/)
  expect((await login(url, PASSWORD)).status).toBe(200)
})

test('the 72 bytes that bcrypt reads are all there is, and are all compared', async () => {
  const { url, setupCode } = await startTestApp()
  const longest = 'Ein sehr langer Satz über schöne grüne Hügel, 72 Bytes, und kein Buc'
  expect(Buffer.byteLength(longest)).toBe(72)
  const choose = (password: string) => callApi(url, 'POST', '/auth/register', { body: { username: 'ada', password, setupCode } })

  expect(await choose(`${longest}e`)).toMatchObject({ status: 400, body: { details: { reason: 'too-long' } } })
  expect((await choose(longest)).status).toBe(201)

  expect((await login(url, longest)).status).toBe(200)
  expect((await login(url, longest.normalize('NFD'))).status).toBe(200)
  expect((await login(url, `${longest}e`)).status).toBe(401)
  expect((await login(url, `${longest.slice(0, -1)}t`)).status).toBe(401)
})

test.for([
  [{}, 400],
  [{ username: null, password: null }, 400],
  [{ username: '', password: '' }, 400],
  [{ username: true, password: true }, 400],
  [{ username: { $ne: null }, password: { $ne: null } }, 400],
  [{ username: 'ada', password: [PASSWORD] }, 400],
  [[], 400],
  ['x', 400],
  [{ username: 'ada', password: 'A'.repeat(1025) }, 400],
  [{ username: 'A'.repeat(257), password: PASSWORD }, 400],
  [{ username: 'ada', password: 'A'.repeat(1024) }, 401],
  [{ username: 'ada', password: 'A'.repeat(2 ** 20) }, 413],
  [{ username: "ada' or 1=1 --", password: PASSWORD }, 401],
] as const)('what cannot be a password is refused: %#', async ([body, status]) => {
  const { url } = await setup()

  expect((await callApi(url, 'POST', '/auth/login', { body })).status).toBe(status)
})

test('credentials are taken from a JSON body and from nowhere else', async () => {
  const { url } = await setup()
  const form = (contentType: string, body: string) =>
    fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': contentType }, body })

  expect((await callApi(url, 'GET', `/auth/login?username=ada&password=${encodeURIComponent(PASSWORD)}`)).status).toBe(404)
  expect((await form('application/x-www-form-urlencoded', `username=ada&password=${encodeURIComponent(PASSWORD)}`)).status).toBe(415)
  expect((await form('text/plain', JSON.stringify({ username: 'ada', password: PASSWORD }))).status).toBe(415)
})
