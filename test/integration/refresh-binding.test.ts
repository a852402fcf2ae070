import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { callApi, Device, PASSWORD, register } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { invite } from '../support/user-steps.ts'

/*
 * The refresh cookie without the half that the browser's page keeps: what a program on another port of the host name gets,
 * and what it can plant.
 */

const newHalf = () => randomBytes(32).toString('base64url')

async function setup() {
  const clock = new TestClock()
  const server = await startTestApp({ clock })
  const owner = await register(server.url, server.setupCode)
  const half = newHalf()
  const signIn = async (binding: string | null) =>
    new Device(
      server.url,
      await callApi(server.url, 'POST', '/auth/login', {
        body: { username: 'ada', password: PASSWORD },
        headers: binding === null ? {} : { 'x-refresh-binding': binding },
      }),
    )
  const refresh = (cookie: string, binding: string | null = half, attempt?: string) =>
    callApi(server.url, 'POST', '/auth/refresh', {
      headers: {
        cookie,
        ...(binding === null ? {} : { 'x-refresh-binding': binding }),
        ...(attempt === undefined ? {} : { 'idempotency-key': attempt }),
      },
    })
  const refusals = async () => {
    const rows = server.database.selectFrom('audit_log').select(['actor', 'details']).where('action', '=', 'auth.refresh_refused')
    return (await rows.orderBy('seq').execute()).map(({ actor, details }) => `${actor} ${details}`)
  }
  return { ...server, clock, owner, half, signIn, refresh, refusals, page: await signIn(half) }
}

const MISSING_LOGIN = { status: 401, body: { code: 'UNAUTHORIZED', error: 'Sign in first.' } }

test('a bound cookie holds no token that anybody could read, and with its half it rotates', async () => {
  const { page, refresh, url } = await setup()
  expect(page.refreshCookie).toMatch(/^acu_refresh_\w+=b\.[\w-]{95}$/)

  const next = new Device(url, await refresh(page.refreshCookie))
  const last = new Device(url, await refresh(next.refreshCookie))

  expect(new Set([page, next, last].map(({ refreshCookie }) => refreshCookie)).size).toBe(3)
  expect((await last.request('GET', '/auth/user')).status).toBe(200)
})

test('without its half, or with another, a bound cookie is refused like none, written down, and nothing is used up', async () => {
  const { page, refresh, refusals } = await setup()

  expect(await refresh(page.refreshCookie, null)).toMatchObject(MISSING_LOGIN)
  expect(await refresh(page.refreshCookie, newHalf())).toMatchObject(MISSING_LOGIN)
  const [name = '', value = ''] = page.refreshCookie.split('=')
  expect(await refresh(`${name}=${value.slice(2)}`, null)).toMatchObject({ status: 401 })
  expect(await refresh(`${name}=${value.slice(0, -2)}AA`)).toMatchObject(MISSING_LOGIN)
  expect(await refresh(`${name}=b.`)).toMatchObject(MISSING_LOGIN)

  expect(await refusals()).toEqual([
    'unknown {"reason":"bound cookie, no half"}',
    'unknown {"reason":"bound cookie, another half"}',
    'unknown {"reason":"bound cookie, another half"}',
    'unknown {"reason":"bound cookie, another half"}',
  ])
  expect((await page.request('GET', '/auth/user')).status).toBe(200)
  expect((await refresh(page.refreshCookie)).status).toBe(200)
})

test('a cookie that was planted is refused alone, and passed over and dropped beside the right one', async () => {
  const { page, signIn, refresh, refusals, url } = await setup()
  const bare = await signIn(null)
  const foreign = await signIn(newHalf())

  expect(await refresh(bare.refreshCookie)).toMatchObject(MISSING_LOGIN)
  expect(await refusals()).toEqual(['unknown {"reason":"cookie that is bound to nothing"}'])
  const answer = await refresh(`${foreign.refreshCookie}; ${bare.refreshCookie}; ${page.refreshCookie}`)

  expect(answer.status).toBe(200)
  const dropped = answer.headers.getSetCookie().filter((each) => each.startsWith('acu_refresh_') && each.includes('Max-Age=0'))
  expect(dropped.map((each) => /Path=([^;]+)/.exec(each)?.[1])).toEqual(['/', '/api', '/api/', '/api/auth/', '/api/auth/refresh'])
  expect((await refresh(new Device(url, answer).refreshCookie)).status).toBe(200)
})

test('two cookies that are bound to the same half are refused, as they are without one', async () => {
  const { page, half, signIn, refresh } = await setup()
  const other = await signIn(half)

  expect(await refresh(`${other.refreshCookie}; ${page.refreshCookie}`)).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
  expect((await refresh(page.refreshCookie)).status).toBe(200)
})

test('a bound cookie is no good under the name of another installation', async () => {
  const { page, refresh } = await setup()
  const other = await setup()
  const name = other.page.refreshCookie.split('=')[0] ?? ''

  expect(await other.refresh(`${name}=${page.refreshCookie.split('=')[1] ?? ''}`, null)).toMatchObject(MISSING_LOGIN)
  expect((await refresh(page.refreshCookie)).status).toBe(200)
})

test.for([undefined, 'an-attempt-of-22-chars'])(
  'of a cookie sent eight times at once, attempt %s, each answer opens with the half',
  async (attempt) => {
    const { page, half, refresh, url } = await setup()

    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(page.refreshCookie, half, attempt)))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    const last = answers.map((answer) => new Device(url, answer)).at(-1)
    expect((await refresh(last?.refreshCookie ?? '')).status).toBe(200)
  },
)

test.for(['', 'short', `${'A'.repeat(43)}, ${'B'.repeat(43)}`, 'A'.repeat(5000), '+'.repeat(43)])(
  'a half that is none (%#) is refused before anything is done',
  async (malformed) => {
    const { page, signIn, refresh, owner, database, url } = await setup()
    const before = await database.selectFrom('logins').select('id').execute()

    expect(await refresh(page.refreshCookie, malformed)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
    await expect(signIn(malformed)).rejects.toThrow()
    const { code } = await invite(owner)
    const body = { code, username: 'bob', password: PASSWORD }
    expect(await callApi(url, 'POST', '/auth/invitations/accept', { body, headers: { 'x-refresh-binding': malformed } })).toMatchObject({
      status: 400,
    })

    expect(await database.selectFrom('logins').select('id').execute()).toEqual(before)
    expect((await callApi(url, 'POST', '/auth/invitations/accept', { body })).status).toBe(201)
    expect((await refresh(page.refreshCookie)).status).toBe(200)
  },
)

test('whoever sends rubbish without end fills no log', async () => {
  const { page, refresh, refusals, clock } = await setup()

  for (let count = 0; count < 30; count += 1) await refresh(page.refreshCookie, newHalf())
  expect(await refusals()).toHaveLength(10)
  clock.advance(60_000)
  await refresh(page.refreshCookie, newHalf())
  expect(await refusals()).toHaveLength(11)
})
