import { expect, test } from 'vitest'
import { LoginId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { AccountNotice, Login } from '#protocol/logins'
import { Notices } from '../../src/server/auth/logins/notices.ts'
import { LocalEventBus } from '../../src/server/platform/event-bus.ts'
import { callApi, type Device, PASSWORD, register, signIn } from '../support/api-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { insertUser } from '../support/test-database.ts'
import { within } from '../support/within.ts'

/*
 * The devices that are signed in: the list, ending them, and what the others are told.
 */

const PHONE = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36'

async function setup(options: TestAppOptions = {}) {
  const server = await startTestApp(options)
  return { ...server, device: await register(server.url, server.setupCode) }
}

const loginsOf = async (device: Device) => pageOf(Login).parse((await device.request('GET', '/auth/logins')).body).items
const noticesOf = async (device: Device) => pageOf(AccountNotice).parse((await device.request('GET', '/auth/notices')).body).items
const statusOf = async (device: Device) => (await device.request('GET', '/auth/user')).status

test('the list has every device that is signed in, the own one first and then by last use', async () => {
  const clock = new TestClock()
  const { url, device } = await setup({ clock })
  clock.advance(60_000)
  const laptop = await signIn(url)
  clock.advance(60_000)
  const phone = await signIn(url, 'ada', PHONE)
  clock.advance(120_000)
  await laptop.request('GET', '/auth/user')

  const items = await loginsOf(device)

  expect(items.map(({ device: name, current }) => [name, current])).toEqual([
    ['Unknown device', true],
    ['Firefox on Linux', false],
    ['Chrome on Android', false],
  ])
  expect(items[2]).toEqual({
    id: expect.stringMatching(/^log_/),
    device: 'Chrome on Android',
    address: '127.0.0.1',
    method: 'password',
    createdAt: '2026-11-01T12:02:00.000Z',
    lastUsedAt: '2026-11-01T12:02:00.000Z',
    expiresAt: '2026-12-01T12:02:00.000Z',
    current: false,
  })
  expect((await loginsOf(phone))[0]).toMatchObject({ device: 'Chrome on Android', current: true })
})

test('ending one ends its tokens and sockets at once, and no other', async () => {
  const { url, device } = await setup()
  const phone = await signIn(url, 'ada', PHONE)
  const laptop = await signIn(url)
  const socket = await phone.connect()
  const id = (await loginsOf(device)).find(({ device: name }) => name === 'Chrome on Android')?.id ?? ''

  const answer = await device.request('DELETE', `/auth/logins/${id}`, { body: {} })

  expect(answer.status).toBe(204)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await within(1000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 4401 })
  expect(await statusOf(phone)).toBe(401)
  expect((await callApi(url, 'POST', '/auth/refresh', { headers: { cookie: phone.refreshCookie } })).status).toBe(401)
  expect([await statusOf(device), await statusOf(laptop)]).toEqual([200, 200])
  expect(await loginsOf(device)).toHaveLength(2)
  expect((await device.request('DELETE', `/auth/logins/${id}`, { body: {} })).status).toBe(404)
})

test('nobody ends the login of somebody else, or learns that it exists', async () => {
  const { url, device, database } = await setup()
  await insertUser(database, { username: 'eve', password: PASSWORD })
  const eve = await signIn(url, 'eve')
  const [own] = await loginsOf(device)

  const foreign = await eve.request('DELETE', `/auth/logins/${own?.id ?? ''}`, { body: {} })
  const unknown = await eve.request('DELETE', '/auth/logins/log_nobody', { body: {} })

  expect(foreign).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect(foreign.body).toEqual(unknown.body)
  expect(await statusOf(device)).toBe(200)
  expect(await loginsOf(eve)).toHaveLength(1)
})

test('ending the current one is signing out: the cookies go too', async () => {
  const { device } = await setup()
  const [own] = await loginsOf(device)

  const answer = await device.request('DELETE', `/auth/logins/${own?.id ?? ''}`, { body: {} })

  expect(answer.status).toBe(204)
  expect(answer.headers.getSetCookie()).toHaveLength(2)
  expect(answer.headers.getSetCookie().every((cookie) => cookie.includes('Max-Age=0'))).toBe(true)
  expect(await statusOf(device)).toBe(401)
})

test('ending all others leaves the one that asks', async () => {
  const { url, device, database } = await setup()
  const others = [await signIn(url), await signIn(url, 'ada', PHONE)]
  const sockets = await Promise.all(others.map((each) => each.connect()))
  const ownSocket = await device.connect()

  expect((await device.request('POST', '/auth/logins/end-others', { body: {} })).status).toBe(204)

  for (const socket of sockets) expect(await within(1000, 'the sockets to be closed', socket.closed)).toMatchObject({ code: 4401 })
  for (const each of others) expect(await statusOf(each)).toBe(401)
  expect(await statusOf(device)).toBe(200)
  await ownSocket.roundTrip()
  expect(await loginsOf(device)).toMatchObject([{ current: true }])
  const entries = database.selectFrom('audit_log').select('actor').where('action', '=', 'auth.other_logins_ended')
  expect(await entries.execute()).toEqual([{ actor: 'ada' }])
})

test('signing out tells the browser to drop what it kept', async () => {
  const { device } = await setup()

  const { headers } = await device.request('POST', '/auth/logout', { body: {} })

  expect(headers.get('clear-site-data')).toBe('"cache"')
})

test('a new login is told to the devices that are there, kept for the others, and not told to itself', async () => {
  const { url, device } = await setup()
  const socket = await device.connect()
  await socket.roundTrip()

  const phone = await signIn(url, 'ada', PHONE)
  const phoneSocket = await phone.connect()

  const { notice } = await socket.take('account-notice')
  expect(notice).toMatchObject({ kind: 'new-login', device: 'Chrome on Android', address: '127.0.0.1', facts: { method: 'password' } })
  expect(notice.loginId).toBe((await loginsOf(phone))[0]?.id)
  expect(await noticesOf(device)).toEqual([notice])
  expect(await noticesOf(phone)).toEqual([])
  await phoneSocket.roundTrip()
  expect(phoneSocket.received.map(({ type }) => type)).not.toContain('account-notice')
})

test('the first login of an account is no news, nor one that looks like the last where nobody else is signed in', async () => {
  const { url, device } = await setup()
  expect(await noticesOf(device)).toEqual([])
  await device.request('POST', '/auth/logout', { body: {} })
  const phone = await signIn(url, 'ada', PHONE)
  await phone.request('POST', '/auth/logout', { body: {} })

  const again = await signIn(url, 'ada', PHONE)

  // Of the two sign-ins on the phone the first one was news.
  expect(await noticesOf(again)).toMatchObject([{ kind: 'new-login', device: 'Chrome on Android' }])
})

test('a notice is shown until it was read, on whatever device, by its owner alone', async () => {
  const clock = new TestClock()
  const { url, device, database } = await setup({ clock })
  await signIn(url)
  clock.advance(1000)
  await signIn(url, 'ada', PHONE)
  const [newest, oldest] = await noticesOf(device)
  expect([newest?.device, oldest?.device]).toEqual(['Chrome on Android', 'Firefox on Linux'])
  await insertUser(database, { username: 'eve', password: PASSWORD })
  const eve = await signIn(url, 'eve')

  expect((await eve.request('POST', '/auth/notices/read', { body: { ids: [newest?.id] } })).status).toBe(204)
  expect(await noticesOf(device)).toHaveLength(2)
  expect((await device.request('POST', '/auth/notices/read', { body: { ids: [newest?.id, 'ntc_unknown'] } })).status).toBe(204)

  expect(await noticesOf(device)).toEqual([oldest])
  expect((await device.request('POST', '/auth/notices/read', { body: { ids: [] } })).status).toBe(204)
})

test('of many notices the newest are kept', async () => {
  const clock = new TestClock()
  const { device, database } = await setup({ clock })
  const notices = new Notices({ database, clock, bus: new LocalEventBus() })
  for (let count = 0; count < 220; count += 1) await notices.add(database, { userId: device.user.id, kind: 'failed-logins' })
  clock.advance(1000)

  await signIn(device.url, 'ada', PHONE)

  const items = await noticesOf(device)
  expect(items).toHaveLength(200)
  expect(items[0]).toMatchObject({ kind: 'new-login' })
})

test('once its owner ended a login, nobody is asked any more whether it was them', async () => {
  const { url, device } = await setup()
  const phone = await signIn(url, 'ada', PHONE)
  const laptop = await signIn(url)
  const idOf = async (of: Device) => (await loginsOf(of)).find(({ current }) => current)?.id ?? ''
  expect(await noticesOf(device)).toHaveLength(2)

  // Signing out oneself answers nothing: it may have been the stranger.
  await laptop.request('POST', '/auth/logout')
  expect(await noticesOf(device)).toHaveLength(2)
  await device.request('DELETE', `/auth/logins/${await idOf(phone)}`)

  expect(await noticesOf(device)).toMatchObject([{ kind: 'new-login', device: 'Firefox on Linux' }])
})

test('of a hundred and one logins the one longest unused ends, at once and written down', async () => {
  const clock = new TestClock()
  const { url, device, database } = await setup({ clock })
  clock.advance(60_000)
  const old = await signIn(url, 'ada', PHONE)
  const socket = await old.connect()
  const row = await database.selectFrom('logins').selectAll().where('device', '=', 'Chrome on Android').executeTakeFirstOrThrow()
  for (let count = 0; count < 98; count += 1)
    await database
      .insertInto('logins')
      .values({ ...row, id: LoginId.parse(`log_filler${String(count).padStart(10, '0')}`), last_used_at: '2026-11-01T12:05:00.000Z' })
      .execute()
  clock.advance(10 * 60_000)
  await device.request('GET', '/auth/user')

  const newest = await signIn(url)

  expect(await within(5000, 'the socket to close', socket.closed)).toMatchObject({ code: 4401 })
  expect([await statusOf(old), await statusOf(device), await statusOf(newest)]).toEqual([401, 200, 200])
  expect(await loginsOf(device)).toHaveLength(100)
  const entries = database.selectFrom('audit_log').select(['actor', 'subject', 'details']).where('action', '=', 'auth.login_displaced')
  expect(await entries.execute()).toEqual([{ actor: 'ada', subject: row.id, details: '{"most":100}' }])
})
