import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LoginId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { Login } from '#protocol/logins'
import { openDatabase } from '../../src/server/platform/database.ts'
import { loadKey } from '../../src/server/platform/key-store.ts'
import { type Device, register, signIn } from '../support/api-client.ts'
import type { SocketClient } from '../support/socket-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { startTestServer } from '../support/test-server.ts'
import { within } from '../support/within.ts'

/*
 * Whoever loses access loses it at once, on HTTP and on sockets that are open: 4401 within a second.
 */

const AT = '2026-01-01T00:00:00.000Z'
const DAY_MS = 24 * 60 * 60_000

async function setup(options: TestAppOptions = {}) {
  const server = await startTestApp(options)
  const owner = await register(server.url, server.setupCode)
  const device = await signIn(server.url)
  const socket = await device.connect()
  await socket.roundTrip()
  // Opened through the database as another process does it: nothing of this server hears of what is written there.
  const elsewhere = await openDatabase(join(server.folder, 'data', 'ai-code-ui.db'), server.key, 'as-is')
  const write = async (change: (database: typeof elsewhere, device: Device) => Promise<unknown>) => {
    await change(elsewhere, device)
    await elsewhere.destroy()
  }
  return { ...server, owner, device, socket, write }
}

const closing = (socket: SocketClient) => within(1000, 'the socket to be closed', socket.closed)
const statusOf = async (device: Device) => (await device.request('GET', '/auth/user')).status

test.for<[string, (owner: Device, device: Device) => Promise<unknown>]>([
  ['signing out', (_, device) => device.request('POST', '/auth/logout', { body: {} })],
  ['signing out everywhere', (owner) => owner.request('POST', '/auth/logout-all', { body: {} })],
  ['ending all others', (owner) => owner.request('POST', '/auth/logins/end-others', { body: {} })],
])('%s', async ([, end]) => {
  const { owner, device, socket } = await setup()

  await end(owner, device)

  expect(await statusOf(device)).toBe(401)
  expect(await closing(socket)).toMatchObject({ code: 4401 })
})

test.for<[string, number, Record<string, string>]>([
  ['the end of its time', 3_600_000, { REFRESH_TOKEN_TTL: '3600' }],
  ['a week without use', 7 * DAY_MS, {}],
])('a socket does not outlive its login: %s', async ([, ms, environment]) => {
  const clock = new TestClock()
  const { socket } = await setup({ clock, environment })

  clock.advance(ms)

  expect(await closing(socket)).toMatchObject({ code: 4401 })
})

test('a login goes on while its sockets are open, though it sends no request', async () => {
  const clock = new TestClock()
  const { socket, database } = await setup({ clock })
  const logins = database.selectFrom('logins').select('last_used_at').orderBy('created_at').orderBy('last_used_at', 'desc')

  clock.advance(6 * DAY_MS)
  await expect.poll(async () => (await logins.execute())[0]?.last_used_at).toBe(clock.now().toISOString())
  clock.advance(6 * DAY_MS)

  await socket.roundTrip()
})

test.for<[string, Parameters<Awaited<ReturnType<typeof setup>>['write']>[0]]>([
  ['disabled the user', (db, { user }) => db.updateTable('users').set({ disabled_at: AT }).where('id', '=', user.id).execute()],
  ['changed the role', (db, { user }) => db.updateTable('users').set({ role: 'viewer' }).where('id', '=', user.id).execute()],
  ['ended the login', (db) => db.updateTable('logins').set({ ended_at: AT, end_reason: 'on the host' }).execute()],
])('another process %s', async ([, change]) => {
  const { socket, write } = await setup()

  await write(change)

  expect(await closing(socket)).toMatchObject({ code: 4401 })
})

test('what another process wrote about another login closes nothing', async () => {
  const { owner, device, socket, write } = await setup()
  const { items } = pageOf(Login).parse((await owner.request('GET', '/auth/logins')).body)
  const [current] = items.map(({ id }) => id)

  await write((elsewhere) => elsewhere.updateTable('logins').set({ ended_at: AT }).where('id', '=', LoginId.parse(current)).execute())

  await expect.poll(() => statusOf(owner)).toBe(401)
  await socket.roundTrip()
  expect(await statusOf(device)).toBe(200)
})

test('many sockets of many logins are all closed in time', async () => {
  const { url, database, socket, write } = await setup()
  const devices: Device[] = []
  for (let count = 0; count < 12; count += 1) devices.push(await signIn(url))
  const sockets = await Promise.all(devices.flatMap((device) => Array.from({ length: 5 }, () => device.connect())))
  for (const each of sockets) await each.roundTrip()
  expect(await database.selectFrom('logins').select('id').execute()).toHaveLength(14)

  await write((elsewhere, { user }) => elsewhere.updateTable('users').set({ disabled_at: AT }).where('id', '=', user.id).execute())

  expect(new Set((await Promise.all([socket, ...sockets].map(closing))).map(({ code }) => code))).toEqual(new Set([4401]))
})

test('a server in a process of its own notices what a command wrote', async () => {
  const server = await startTestServer()
  const device = await register(server.url, server.setupCode)
  const socket = await device.connect()
  await socket.roundTrip()
  const key = loadKey(server.dataDirectory, 'database')
  const database = await openDatabase(join(server.dataDirectory, 'ai-code-ui.db'), key ?? Buffer.alloc(0), 'as-is')

  await database.updateTable('users').set({ disabled_at: AT }).where('id', '=', device.user.id).execute()

  expect(await closing(socket)).toMatchObject({ code: 4401 })
  await expect.poll(() => statusOf(device)).toBe(401)
  await database.destroy()
})
