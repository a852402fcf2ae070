import { expect, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { AccountNotice } from '#protocol/logins'
import { callApi, Device, register, signIn } from '../support/api-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { within } from '../support/within.ts'

/*
 * Refresh tokens that come twice: at once, again after a lost answer, and by somebody who copied one.
 */

const DAY_MS = 24 * 60 * 60_000
const ATTEMPT = 'an-attempt-of-22-chars'

async function setup(options: TestAppOptions = {}) {
  const server = await startTestApp(options)
  const device = await register(server.url, server.setupCode)
  const refresh = (cookie: string, attempt?: string) => {
    const headers = { cookie, 'user-agent': 'curl/8.9.1', ...(attempt === undefined ? {} : { 'idempotency-key': attempt }) }
    return callApi(server.url, 'POST', '/auth/refresh', { headers })
  }
  /** Exchanges a cookie that is good. */
  const renew = async (cookie: string, attempt?: string) => new Device(server.url, await refresh(cookie, attempt))
  const isLive = async (each: Device) => (await each.request('GET', '/auth/user')).status === 200
  return { ...server, device, refresh, renew, isLive }
}

test.for([2, 8])('of one token sent %i times at once every request is answered alike, and the login lives', async (count) => {
  const { device, refresh, url, isLive } = await setup()

  const answers = await Promise.all(Array.from({ length: count }, () => refresh(device.refreshCookie)))

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 200))
  const tabs = answers.map((answer) => new Device(url, answer))
  expect(new Set(tabs.map(({ refreshCookie }) => refreshCookie)).size).toBe(1)
  for (const tab of tabs) expect(await isLive(tab)).toBe(true)
  expect((await refresh(tabs[0]?.refreshCookie ?? '')).status).toBe(200)
})

test('a second use right after the first answer ends the login', async () => {
  const { device, refresh, renew, isLive } = await setup()
  const next = await renew(device.refreshCookie)

  expect(await refresh(device.refreshCookie)).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })

  expect(await isLive(next)).toBe(false)
  // Its holder may be the one who was stolen from.
  expect(await refresh(next.refreshCookie)).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })
})

test('an attempt whose answer was lost is sent again and answered with the same token', async () => {
  const { device, renew, isLive } = await setup()
  const lost = await renew(device.refreshCookie, ATTEMPT)

  const again = await renew(device.refreshCookie, ATTEMPT)

  expect(again.refreshCookie).toBe(lost.refreshCookie)
  expect(await isLive(again)).toBe(true)
  const next = await renew(again.refreshCookie, `${ATTEMPT}-2`)
  expect(next.refreshCookie).not.toBe(again.refreshCookie)
})

test('two tabs that send the same attempt one after the other both live', async () => {
  const { device, renew, isLive } = await setup()

  const tabs = [await renew(device.refreshCookie, ATTEMPT), await renew(device.refreshCookie, ATTEMPT)]

  for (const tab of tabs) expect(await isLive(tab)).toBe(true)
})

test('once its answer was used, the same attempt again ends the login', async () => {
  const { device, refresh, renew, isLive } = await setup()
  const next = await renew(device.refreshCookie, ATTEMPT)
  const last = await renew(next.refreshCookie, `${ATTEMPT}-2`)

  expect(await refresh(device.refreshCookie, ATTEMPT)).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })

  expect(await isLive(last)).toBe(false)
})

test.for([['another attempt', `${ATTEMPT}-2`] as const, ['no attempt', undefined] as const])(
  'a token that one attempt exchanged is not for %s',
  async ([, attempt]) => {
    const { device, refresh, renew } = await setup()
    await renew(device.refreshCookie, ATTEMPT)

    expect(await refresh(device.refreshCookie, attempt)).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })
  },
)

test('an attempt that exchanged nothing under that name opens nothing: a token without attempt stays used', async () => {
  const { device, refresh, renew } = await setup()
  await renew(device.refreshCookie)

  expect(await refresh(device.refreshCookie, ATTEMPT)).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })
})

test.for(['short', 'x'.repeat(129), 'has spaces in its middle', '"quoted-and-long-enough"'])(
  'an attempt called "%s" is refused and costs nothing',
  async (attempt) => {
    const { device, refresh } = await setup()

    const refused = await refresh(device.refreshCookie, attempt)

    expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
    expect(refused.headers.getSetCookie()).toEqual([])
    expect((await refresh(device.refreshCookie)).status).toBe(200)
  },
)

test('reuse is told on the other devices, kept for the next sign-in and written down, with where it came from', async () => {
  const { device, refresh, renew, url, database } = await setup()
  const other = await signIn(url)
  const otherSocket = await other.connect()
  const socket = await device.connect()
  await otherSocket.roundTrip()
  await renew(device.refreshCookie)

  await refresh(device.refreshCookie)

  expect(await within(1000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 4401 })
  const about = { kind: 'refresh-reused', device: 'curl', address: '127.0.0.1' }
  expect(await otherSocket.take('account-notice')).toMatchObject({ notice: about })
  const later = await signIn(url)
  const { items } = pageOf(AccountNotice).parse((await later.request('GET', '/auth/notices')).body)
  expect(items.filter(({ kind }) => kind === 'refresh-reused')).toMatchObject([about])
  const entries = database.selectFrom('audit_log').select(['actor', 'device', 'address']).where('action', '=', 'auth.refresh_reused')
  expect(await entries.execute()).toEqual([{ actor: 'system', device: 'curl', address: '127.0.0.1' }])
})

test('the same reuse again is refused with the same words and told nobody else: the login has ended', async () => {
  const { device, refresh, renew, database } = await setup()
  await renew(device.refreshCookie)
  await refresh(device.refreshCookie)

  expect(await refresh(device.refreshCookie)).toMatchObject({ status: 401, body: { code: 'REFRESH_REUSED' } })

  const notices = await database.selectFrom('notices').select('kind').execute()
  expect(notices).toEqual([{ kind: 'refresh-reused' }])
})

test('of a refresh and a sign-out at once no token survives', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { device, refresh, url, isLive } = await setup()

    const [answer] = await Promise.all([refresh(device.refreshCookie, ATTEMPT), device.request('POST', '/auth/logout')])

    if (answer.status === 200) {
      const next = new Device(url, answer)
      expect(await isLive(next)).toBe(false)
      expect((await refresh(next.refreshCookie)).status).toBe(401)
    }
    expect((await refresh(device.refreshCookie, ATTEMPT)).status).toBe(401)
  }
})

test('a login ends by disuse, and each refresh puts that off until its time is over in any case', async () => {
  const clock = new TestClock()
  const { device, refresh, renew } = await setup({ clock })
  const used = await renew(device.refreshCookie)

  let cookie = used.refreshCookie
  for (let days = 0; days < 24; days += 6) {
    clock.advance(6 * DAY_MS)
    cookie = (await renew(cookie)).refreshCookie
  }
  clock.advance(6 * DAY_MS)
  // The thirtieth day: still in use, and over.
  expect((await refresh(cookie)).status).toBe(401)
})

test('a login that nobody used for a week is over', async () => {
  const clock = new TestClock()
  const { device, refresh, renew } = await setup({ clock })
  const { refreshCookie } = await renew(device.refreshCookie)

  clock.advance(7 * DAY_MS)

  expect(await refresh(refreshCookie)).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
})

test('after a restart an answer that was lost is still given again', async () => {
  const first = await setup()
  const lost = await first.renew(first.device.refreshCookie, ATTEMPT)
  await first.close()
  const second = await startTestApp({ of: first })

  const again = await callApi(second.url, 'POST', '/auth/refresh', {
    headers: { cookie: first.device.refreshCookie, 'idempotency-key': ATTEMPT },
  })

  expect(new Device(second.url, again).refreshCookie).toBe(lost.refreshCookie)
})

test('where somebody was last seen is where they refreshed from', async () => {
  const { device, url } = await setup({ environment: { TRUST_PROXY: '127.0.0.1' } })

  const answer = await callApi(url, 'POST', '/auth/refresh', { headers: { cookie: device.refreshCookie, 'x-forwarded-for': '192.0.2.7' } })

  const { body } = await new Device(url, answer).request('GET', '/auth/logins')
  expect(body).toMatchObject({ items: [{ address: '192.0.2.7', current: true }] })
})
