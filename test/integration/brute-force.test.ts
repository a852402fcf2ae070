import { expect, test } from 'vitest'
import { insertUser } from '../support/test-database.ts'
import { type ApiAnswer, callApi, PASSWORD, register } from '../support/api-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'

/*
 * Guessing at the sign-in, and what it does not do to the owner. The numbers are those of attempt-limits.ts.
 */

const PROXY = { TRUST_PROXY: '127.0.0.1' }

async function setup(options: TestAppOptions = {}) {
  const clock = new TestClock()
  const server = await startTestApp({ clock, ...options })
  return { ...server, clock, device: await register(server.url, server.setupCode) }
}

interface Guess {
  username?: string
  password?: string
  /** As a proxy would say. */
  from?: string
  cookie?: string
}

const guess = (url: string, { username = 'ada', password = 'not the password', from, cookie }: Guess = {}) =>
  callApi(url, 'POST', '/auth/login', {
    body: { username, password },
    headers: { ...(from === undefined ? {} : { 'x-forwarded-for': from }), ...(cookie === undefined ? {} : { cookie }) },
  })

async function guesses(count: number, one: (index: number) => Promise<ApiAnswer>): Promise<number[]> {
  const statuses = []
  for (let index = 0; index < count; index += 1) statuses.push((await one(index)).status)
  return statuses
}

const firstRefused = (statuses: number[]) => statuses.indexOf(429)

const deviceCookieOf = ({ headers }: ApiAnswer) =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('acu_device_'))
    ?.split(';')[0] ?? ''

test('of 200 guesses at an account five are looked at', async () => {
  const { url } = await setup()

  const statuses = await guesses(200, () => guess(url))

  expect(statuses.filter((status) => status === 401)).toHaveLength(5)
  expect(statuses.filter((status) => status === 429)).toHaveLength(195)
})

test('fifty guesses at once get no further', async () => {
  const { url } = await setup()

  const answers = await Promise.all(Array.from({ length: 50 }, () => guess(url)))

  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(45)
  for (const answer of answers.filter(({ status }) => status === 429)) {
    expect(answer).toMatchObject({ body: { code: 'RATE_LIMITED', details: { retryAfter: 4 } } })
    expect(answer.headers.get('retry-after')).toBe('4')
  }
})

test('headers of somebody who is no trusted proxy change nothing', async () => {
  const { url, database } = await setup()
  const spoofed = (index: number) => {
    const address = `203.0.113.${String(index)}`
    return callApi(url, 'POST', '/auth/login', {
      body: { username: `user${String(index)}`, password: 'Spring2026!' },
      headers: { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}`, 'cf-connecting-ip': address },
    })
  }

  expect(firstRefused(await guesses(30, spoofed))).toBe(20)

  const { address } = await database
    .selectFrom('audit_log')
    .select('address')
    .where('action', '=', 'auth.login_failed')
    .executeTakeFirstOrThrow()
  expect(address).toBe('127.0.0.1')
})

test('of what a trusted proxy says, only the address that it saw itself counts', async () => {
  const { url, database } = await setup({ environment: PROXY })
  const behindProxy = (index: number) => guess(url, { username: `user${String(index)}`, from: `198.51.100.${String(index)}, 203.0.113.9` })

  expect(firstRefused(await guesses(30, behindProxy))).toBe(20)

  expect((await guess(url, { username: 'somebody', from: '203.0.113.10' })).status).toBe(401)
  const addresses = await database.selectFrom('audit_log').select('address').where('action', '=', 'auth.login_failed').distinct().execute()
  expect(addresses.map(({ address }) => address).sort()).toEqual(['203.0.113.10', '203.0.113.9'])
})

test('through two trusted proxies it is the last address that is no proxy of ours', async () => {
  const { url, database } = await setup({ environment: { TRUST_PROXY: '127.0.0.1,10.0.0.0/8' } })

  await guess(url, { from: '192.0.2.1, 203.0.113.9, 10.1.2.3' })

  const { address } = await database
    .selectFrom('audit_log')
    .select('address')
    .where('action', '=', 'auth.login_failed')
    .executeTakeFirstOrThrow()
  expect(address).toBe('203.0.113.9')
})

test('guesses at one account from sixty addresses are counted together', async () => {
  const { url } = await setup({ environment: PROXY })

  expect(firstRefused(await guesses(60, (index) => guess(url, { from: `203.0.113.${String(index)}` })))).toBe(5)
})

test('delays survive a restart', async () => {
  const { url, clock, close, folder, key } = await setup()
  await guesses(6, () => guess(url))
  await close()

  const again = await startTestApp({ clock, of: { folder, key } })

  expect(await guess(again.url, { password: PASSWORD })).toMatchObject({ status: 429, body: { details: { retryAfter: 4 } } })
})

test('while strangers guess, a browser that signed in before gets in, what is signed in goes on, and the rest waits its time', async () => {
  const { url, clock, device } = await setup({ environment: PROXY })
  const cookie = deviceCookieOf(await guess(url, { password: PASSWORD, from: '203.0.113.1' }))
  await guesses(40, (index) => guess(url, { from: `198.51.100.${String(index)}` }))

  expect((await guess(url, { password: PASSWORD, from: '203.0.113.2' })).status).toBe(429)
  expect((await guess(url, { password: PASSWORD, from: '198.51.100.1', cookie })).status).toBe(200)
  expect((await device.request('GET', '/auth/user')).status).toBe(200)
  clock.advance(4000)
  expect((await guess(url, { password: PASSWORD, from: '203.0.113.2' })).status).toBe(200)
})

test('a device cookie is no credential, helps with no other account, and slows its own guesses down', async () => {
  const { url, database } = await setup()
  await insertUser(database, { username: 'eve', password: 'an entirely different phrase' })
  const cookie = deviceCookieOf(await guess(url, { password: PASSWORD }))
  expect(cookie).toMatch(/^acu_device_\w+=[\w-]{43}$/)

  expect((await callApi(url, 'GET', '/auth/user', { headers: { cookie } })).status).toBe(401)
  expect(await guesses(7, () => guess(url, { cookie }))).toEqual([401, 401, 401, 401, 401, 429, 429])
  expect((await guess(url, { password: PASSWORD })).status).toBe(200)
  expect(firstRefused(await guesses(10, () => guess(url, { username: 'eve', cookie })))).toBe(5)
  const stored = JSON.stringify(await database.selectFrom('trusted_devices').selectAll().execute())
  expect(stored).not.toContain(cookie.split('=')[1])
})

test('signing out everywhere, or another password, ends the trust in other browsers', async () => {
  const { url, device } = await setup()
  const here = deviceCookieOf(await guess(url, { password: PASSWORD }))
  const elsewhere = deviceCookieOf(await guess(url, { password: PASSWORD }))
  const body = { currentPassword: PASSWORD, newPassword: 'quite another phrase' }

  expect((await device.request('POST', '/auth/password', { body, headers: { cookie: here } })).status).toBe(204)

  await guesses(6, () => guess(url))
  expect((await guess(url, { cookie: elsewhere })).status).toBe(429)
  expect((await guess(url, { cookie: here })).status).toBe(401)
  await device.request('POST', '/auth/logout-all', {})
  expect((await guess(url, { cookie: here })).status).toBe(429)
})

test('setup codes are guessed as slowly as passwords', async () => {
  const { url, setupCode } = await startTestApp()
  const attempt = (code: string) =>
    callApi(url, 'POST', '/auth/register', { body: { username: 'ada', password: PASSWORD, setupCode: code } })

  expect(firstRefused(await guesses(25, () => attempt('WRONG-CODE')))).toBe(20)
  expect(await attempt(setupCode ?? '')).toMatchObject({ status: 429, body: { details: { retryAfter: 4 } } })
})

test('whoever signs in after five failures learns how many there were', async () => {
  const { url, database, clock } = await setup()
  await guesses(4, () => guess(url))
  await guess(url, { password: PASSWORD })
  expect(await database.selectFrom('notices').select('kind').where('kind', '=', 'failed-logins').execute()).toEqual([])
  await guesses(20, () => guess(url))
  clock.advance(4000)
  await guesses(3, () => guess(url))
  clock.advance(8000)

  expect((await guess(url, { password: PASSWORD })).status).toBe(200)

  // Those that were refused unread are not among them.
  const notices = await database.selectFrom('notices').select('facts').where('kind', '=', 'failed-logins').execute()
  expect(notices).toEqual([{ facts: '{"count":6}' }])
})

test('a limit is recorded once for each wait', async () => {
  const { url, database } = await setup()

  await guesses(50, () => guess(url))

  const entries = await database.selectFrom('audit_log').select(['actor', 'details']).where('action', '=', 'auth.login_limited').execute()
  expect(entries).toEqual([{ actor: 'ada', details: expect.stringContaining('"by":"account"') }])
})

test('an unknown user and a wrong password get the same answer, to the byte', async () => {
  const { url } = await setup()
  const raw = async (username: string) => {
    const response = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: 'not the password' }),
    })
    const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'ratelimit')
    // It counts requests of an address, whatever they ask.
    expect(response.headers.get('ratelimit')).toMatch(/^"sign-in";r=\d+;t=\d+$/)
    return { status: response.status, headers, body: await response.text() }
  }

  for (let count = 0; count < 6; count += 1) expect(await raw('nobody')).toEqual(await raw('ada'))
})

test('an unknown user, a wrong password and an old hash take as long', async () => {
  const { url, database } = await setup({ environment: PROXY })
  // Cheaper than what is configured by a factor of 64.
  await insertUser(database, { username: 'eve', password: 'an entirely different phrase' })
  let requests = 0
  const median = async (username: string) => {
    const times = []
    for (let round = 0; round < 5; round += 1) {
      requests += 1
      const start = performance.now()
      expect((await guess(url, { username, from: `203.0.113.${String(requests)}` })).status).toBe(401)
      times.push(performance.now() - start)
    }
    return times.sort((a, b) => a - b)[2] ?? Number.NaN
  }
  await guess(url, { username: 'warms up', from: '203.0.113.250' })

  const known = await median('ada')

  // Without the extra work both would be faster by a factor of ten and more.
  for (const other of [await median('nobody'), await median('eve')]) {
    expect(other).toBeGreaterThan(known / 4)
    expect(other).toBeLessThan(known * 4)
  }
})
