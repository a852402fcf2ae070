import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { ApiKey } from '#protocol/api-keys'
import { pageOf } from '#protocol/lists'
import { callApi, type Device } from '../support/api-client.ts'
import { makeKey } from '../support/key-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { TestClock } from '../support/test-clock.ts'
import { within } from '../support/within.ts'
import { signInSomebodyElse, startWorkplace } from '../support/workplace.ts'

/*
 * API keys: shown once, kept as a hash, accepted in headers alone, ended at once.
 */

const keysOf = async (device: Device) => pageOf(ApiKey).parse((await device.request('GET', '/keys')).body).items
const unauthorized = { status: 401, body: { code: 'UNAUTHORIZED' } }

test('a key is shown once, kept as a hash, and listed by its first characters', async () => {
  const { device, database } = await startWorkplace()

  const answer = await device.request('POST', '/keys', { body: { name: ' build server ', scopes: ['chat', 'read', 'read'] } })

  expect(answer).toMatchObject({ status: 201, body: { name: 'build server', scopes: ['read', 'chat'], expiresAt: null, lastUsedAt: null } })
  const { key } = answer.body as { key: string }
  expect(key).toMatch(/^acu_[\w-]{43}$/)
  const [listed] = await keysOf(device)
  expect(listed).toEqual({ ...(answer.body as object), key: undefined, prefix: key.slice(0, 10) })
  const stored = await database.selectFrom('api_keys').selectAll().execute()
  expect(stored).toMatchObject([{ hash: createHash('sha256').update(key).digest('hex') }])
  const notices = await database.selectFrom('notices').selectAll().execute()
  const audit = await database.selectFrom('audit_log').selectAll().execute()
  expect(JSON.stringify([stored, notices, audit])).not.toContain(key.slice(10))
})

test('a new key is told to whoever has the account open', async () => {
  const { device } = await startWorkplace()
  const socket = await device.connect()

  await makeKey(device, ['read'])

  const { notice } = await socket.take('account-notice', (message) => message.notice.kind === 'api-key-created')
  expect(notice).toMatchObject({ address: '127.0.0.1', facts: { name: 'build server', scopes: 'read' } })
})

test.for([
  ['Authorization', (key: string) => ({ authorization: `Bearer ${key}` })],
  ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
] as const)('a key is accepted in %s', async ([, headers]) => {
  const { url, device } = await startWorkplace()
  const { created } = await makeKey(device, ['read'])

  const answer = await callApi(url, 'GET', '/auth/user', { headers: headers(created.key) })

  expect(answer).toMatchObject({ status: 200, body: { username: 'ada' } })
  expect((await callApi(url, 'GET', '/auth/status', { headers: headers(created.key) })).body).toMatchObject({ authenticated: true })
})

test.for(['apiKey', 'api_key', 'key', 'token', 'access_token', 'X-API-Key'])(
  'a key in the address as ?%s= counts for nothing',
  async (name) => {
    const { url, device } = await startWorkplace()
    const { created } = await makeKey(device, ['read'])

    expect(await callApi(url, 'GET', `/auth/user?${name}=${created.key}`)).toMatchObject(unauthorized)
    expect(await callApi(url, 'GET', `/auth/user?${name}=${device.token}`)).toMatchObject(unauthorized)
    expect(await SocketClient.refused(url, { query: `${name}=${created.key}` })).toMatchObject(unauthorized)
  },
)

test.for([
  [{ name: '', scopes: ['read'] }],
  [{ name: 'x'.repeat(61), scopes: ['read'] }],
  [{ name: 'a\u202Eb', scopes: ['read'] }],
  [{ name: 'x', scopes: [] }],
  [{ name: 'x', scopes: ['everything'] }],
  [{ name: 'x', scopes: ['read'], expiresAt: '2001-01-01T00:00:00.000Z' }],
  [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }],
  [{ name: 'x', scopes: ['read'], key: 'acu_mine' }],
] as const)('%o makes no key', async ([body]) => {
  const { device } = await startWorkplace()

  const answer = await device.request('POST', '/keys', { body })

  expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', details: { fields: [expect.anything()] } } })
  expect(await keysOf(device)).toEqual([])
})

test('a new key needs a fresh proof of who asks', async () => {
  const clock = new TestClock()
  const { device } = await startWorkplace({ clock })
  clock.advance(5 * 60_000)

  const answer = await device.request('POST', '/keys', { body: { name: 'x', scopes: ['read'] } })

  expect(answer).toMatchObject({ status: 403, body: { code: 'STEP_UP_REQUIRED' } })
})

test('nobody has more than 50 keys, also when many are asked for at once', async () => {
  const { device } = await startWorkplace()

  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => device.request('POST', '/keys', { body: { name: `key ${String(index)}`, scopes: ['read'] } })),
  )

  expect(answers.filter(({ status }) => status === 201)).toHaveLength(50)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(10)
  const [first] = await keysOf(device)
  await device.request('DELETE', `/keys/${first?.id ?? ''}`)
  expect((await device.request('POST', '/keys', { body: { name: 'once more', scopes: ['read'] } })).status).toBe(201)
})

test('a revoked key stops at once, on HTTP, on open sockets and with a ticket that it fetched', async () => {
  const { device, url } = await startWorkplace()
  const key = await makeKey(device, ['read'])
  const other = await makeKey(device, ['read'])
  const socket = await key.connect()
  const otherSocket = await other.connect()
  const { ticket } = (await key.request('POST', '/auth/ws-ticket')).body as { ticket: string }

  expect((await device.request('DELETE', `/keys/${key.created.id}`)).status).toBe(204)

  expect(await key.request('GET', '/projects')).toMatchObject(unauthorized)
  expect(await within(1000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 4401 })
  expect(await SocketClient.refused(url, { query: `ticket=${ticket}` })).toMatchObject(unauthorized)
  await otherSocket.roundTrip()
  expect((await other.request('GET', '/projects')).status).toBe(200)
  expect(await device.request('DELETE', `/keys/${key.created.id}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect((await keysOf(device)).map(({ id }) => id)).toEqual([other.created.id])
})

test('nobody sees or revokes the key of somebody else', async () => {
  const workplace = await startWorkplace()
  const key = await makeKey(workplace.device, ['read'])
  const eve = await signInSomebodyElse(workplace, 'owner')

  expect(await eve.request('DELETE', `/keys/${key.created.id}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })

  expect(await keysOf(eve)).toEqual([])
  expect((await key.request('GET', '/projects')).status).toBe(200)
})

test('a key ends at its time, with what it has open', async () => {
  const { device, url } = await startWorkplace()
  const expiresAt = new Date(Date.now() + 1500).toISOString()
  const key = await makeKey(device, ['read'], { expiresAt })
  const socket = await key.connect()

  expect((await key.request('GET', '/projects')).status).toBe(200)

  expect(await within(4000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 4401 })
  expect(await key.request('GET', '/projects')).toMatchObject(unauthorized)
  expect((await callApi(url, 'GET', '/auth/status', { headers: { 'x-api-key': key.created.key } })).body).toMatchObject({
    authenticated: false,
  })
  expect(await keysOf(device)).toMatchObject([{ expiresAt }])
})

test('unknown, revoked, expired and ownerless keys and none that is one are answered alike', async () => {
  const clock = new TestClock()
  const workplace = await startWorkplace({ clock })
  const { device, url, database } = workplace
  const revoked = await makeKey(device, ['read'])
  await device.request('DELETE', `/keys/${revoked.created.id}`)
  const expired = await makeKey(device, ['read'], { expiresAt: new Date(clock.now().getTime() + 1000).toISOString() })
  const eve = await signInSomebodyElse(workplace)
  const ofDisabled = await makeKey(eve, ['read'])
  await database.updateTable('users').set({ disabled_at: clock.now().toISOString() }).where('id', '=', eve.user.id).execute()
  clock.advance(2000)
  const unknown = 'acu_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

  const answers = []
  for (const key of [revoked.created.key, expired.created.key, ofDisabled.created.key, unknown, 'acu_', `acu_${'x'.repeat(4000)}`])
    answers.push(await callApi(url, 'GET', '/auth/user', { headers: { authorization: `Bearer ${key}` } }))

  for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 401, body: answers[0]?.body })
})

test('an address that tries wrong keys is slowed down, and keeps nobody with a right one out', async () => {
  const clock = new TestClock()
  const { device, url, database } = await startWorkplace({ clock })
  const key = await makeKey(device, ['read'])
  const guess = () => callApi(url, 'GET', '/auth/user', { headers: { 'x-api-key': 'acu_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } })
  const answers = []
  for (let count = 0; count < 25; count += 1) answers.push(await guess())

  expect(answers.slice(0, 20).every(({ status }) => status === 401)).toBe(true)
  expect(answers[20]).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
  expect(answers[20]?.headers.get('retry-after')).toBe('5')
  expect((await key.request('GET', '/auth/user')).status).toBe(200)
  const refusals = await database.selectFrom('audit_log').select('id').where('action', '=', 'apikey.refused').execute()
  expect(refusals).toHaveLength(20)
  clock.advance(5000)
  expect((await guess()).status).toBe(401)
})

test('the last use is written once a minute, the first one to the audit log too', async () => {
  const clock = new TestClock()
  const { device, database } = await startWorkplace({ clock })
  const key = await makeKey(device, ['read'])
  const lastUse = async () => (await keysOf(device))[0]?.lastUsedAt
  const first = clock.now().toISOString()

  await Promise.all(Array.from({ length: 5 }, () => key.request('GET', '/projects')))
  expect(await lastUse()).toBe(first)
  clock.advance(59_000)
  await key.request('GET', '/projects')
  expect(await lastUse()).toBe(first)
  clock.advance(1000)
  await key.request('GET', '/projects')
  expect(await lastUse()).toBe(clock.now().toISOString())
  await device.request('DELETE', `/keys/${key.created.id}`)

  const entries = await database
    .selectFrom('audit_log')
    .select(['actor', 'action', 'subject', 'address', 'device'])
    .where('action', 'like', 'apikey.%')
    .orderBy('seq')
    .execute()
  expect(entries.map(({ action }) => action)).toEqual(['apikey.created', 'apikey.first_used', 'apikey.revoked'])
  for (const entry of entries) expect(entry).toMatchObject({ actor: 'ada', subject: key.created.id, address: '127.0.0.1' })
  expect(entries[1]?.device).toBe('API key build server')
})
