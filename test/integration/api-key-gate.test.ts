import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { callApi, Device, PASSWORD } from '../support/api-client.ts'
import { makeKey } from '../support/key-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { startTestApp, type TestAppOptions } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { startTestServer } from '../support/test-server.ts'

/*
 * The installation's own key (`API_KEY`), in front of everything below /api.
 */

const API_KEY = 'G7!k0-pz_Qw4~r2T'
const KEY = { 'x-api-key': API_KEY }
const WRONG = { 'x-api-key': 'G7!k0-pz_Qw4~r2X' }
const refusal = { status: 401, body: { code: 'UNAUTHORIZED', details: { needs: 'api-key' } } }

async function setup(options: TestAppOptions = {}) {
  const server = await startTestApp({ ...options, environment: { API_KEY, ...options.environment } })
  const registration = { username: 'ada', password: PASSWORD, setupCode: server.setupCode ?? '' }
  const device = new Device(server.url, await callApi(server.url, 'POST', '/auth/register', { headers: KEY, body: registration }))
  return { ...server, device }
}

test.for([
  ['GET', '/auth/status'],
  ['POST', '/auth/login'],
  ['POST', '/auth/refresh'],
  ['GET', '/auth/user'],
  ['GET', '/projects'],
  ['GET', '/openapi.json'],
  ['GET', '/nothing'],
  ['HEAD', '/auth/status'],
] as const)('%s %s is refused without the key and with a wrong one, whoever asks', async ([method, path]) => {
  const { url, device } = await setup()

  for (const headers of [
    {},
    WRONG,
    { 'x-api-key': '' },
    { 'x-api-key': `${API_KEY}${API_KEY}` },
    { 'x-api-key': `${API_KEY}, ${API_KEY}` },
  ])
    for (const authorization of [{}, { authorization: `Bearer ${device.token}` }]) {
      const { status, body } = await callApi(url, method, path, { headers: { ...headers, ...authorization } })
      if (method === 'HEAD') expect(status).toBe(401)
      else expect({ status, body }).toMatchObject(refusal)
    }
  for (const where of [`?api_key=${encodeURIComponent(API_KEY)}`, `?X-API-Key=${encodeURIComponent(API_KEY)}`])
    expect((await callApi(url, method, `${path}${where}`)).status).toBe(401)
})

test('an address that is written in escapes is unknown, with the key, without it and with a wrong one', async () => {
  const { url } = await setup()

  for (const headers of [KEY, {}, WRONG])
    expect(await callApi(url, 'GET', '/%61uth/status', { headers })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
})

test.for(['/health', '/ready'])('%s answers without it', async (path) => {
  const { url } = await setup()

  expect((await callApi(url, 'GET', path)).status).toBe(200)
})

test('the page that asks for the key is sent without it', async () => {
  const { url } = await setup({ webFiles: { 'sign-in.html': '<p>sign in</p>' } })

  expect(await (await fetch(`${url}/`)).text()).toBe('<p>sign in</p>')
})

test('the key lets in to the door and no further', async () => {
  const { url, device } = await setup()

  expect((await callApi(url, 'GET', '/auth/status', { headers: KEY })).body).toMatchObject({ needsSetup: false, authenticated: false })
  expect(await callApi(url, 'GET', '/projects', { headers: KEY })).toMatchObject({ status: 401, body: { error: 'Sign in first.' } })
  expect((await device.request('GET', '/projects', { headers: KEY })).status).toBe(200)
})

test('personal keys stand in Authorization beside it', async () => {
  const { device } = await setup()
  const headers = KEY
  const { body } = await device.request('POST', '/keys', { headers, body: { name: 'build server', scopes: ['read'] } })
  const { key } = body as { key: string }
  const holder = (given: Record<string, string>) => callApi(device.url, 'GET', '/projects', { headers: given })

  expect((await holder({ ...KEY, authorization: `Bearer ${key}` })).status).toBe(200)
  expect(await holder({ authorization: `Bearer ${key}` })).toMatchObject(refusal)
  expect(await holder({ 'x-api-key': key })).toMatchObject(refusal)
  await expect(makeKey(device, ['read'])).rejects.toThrow()
})

test('a socket needs it beside a token, while a ticket was fetched through the gate', async () => {
  const { url, device } = await setup()
  const query = `token=${device.token}`

  expect(await SocketClient.refused(url, { query })).toMatchObject(refusal)
  expect(await SocketClient.refused(url, { query, headers: WRONG })).toMatchObject(refusal)
  expect(await SocketClient.refused(url, {})).toMatchObject(refusal)
  expect(await SocketClient.refused(url, { headers: KEY })).toMatchObject({ status: 401, body: { error: 'Sign in first.' } })
  await (await SocketClient.connect(url, { query, headers: KEY })).roundTrip()
  expect(await device.request('POST', '/auth/ws-ticket')).toMatchObject(refusal)
  const { ticket } = (await device.request('POST', '/auth/ws-ticket', { headers: KEY })).body as { ticket: string }
  await (await SocketClient.connect(url, { query: `ticket=${ticket}` })).roundTrip()
})

test('an address that tries wrong keys is slowed down, on HTTP and sockets together, and whoever is signed in there is not', async () => {
  const clock = new TestClock()
  const { url, device, database } = await setup({ clock })
  const status = async (headers: Record<string, string>) => (await callApi(url, 'GET', '/auth/status', { headers })).status
  for (let count = 0; count < 10; count += 1) {
    expect(await status(WRONG)).toBe(401)
    expect((await SocketClient.refused(url, { query: 'token=x', headers: WRONG })).status).toBe(401)
  }

  const limited = await callApi(url, 'GET', '/auth/status', { headers: WRONG })

  expect(limited).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', details: { needs: 'api-key' } } })
  expect(limited.headers.get('retry-after')).toBe('5')
  expect(await SocketClient.refused(url, { query: 'token=x', headers: WRONG })).toMatchObject({ status: 429 })
  // The right one is not looked at either, or guessing would go on: unless its bearer is known.
  expect(await status(KEY)).toBe(429)
  expect((await device.request('GET', '/projects', { headers: KEY })).status).toBe(200)
  await (await SocketClient.connect(url, { query: `token=${device.token}`, headers: KEY })).roundTrip()
  // None at all is no guess.
  expect(await status({})).toBe(401)
  expect(await database.selectFrom('audit_log').select('id').where('action', '=', 'apikey.refused').execute()).toHaveLength(20)
  clock.advance(5000)
  expect(await status(KEY)).toBe(200)
})

test('the right key costs nobody a try, however often it comes', async () => {
  const { url } = await setup({ clock: new TestClock() })

  const answers = await Promise.all(Array.from({ length: 60 }, () => callApi(url, 'GET', '/auth/status', { headers: KEY })))

  expect(answers.every(({ status }) => status === 200)).toBe(true)
})

test('the key is compared by its hash in constant time, and kept nowhere', async () => {
  const source = await readFile(new URL('../../src/server/http/api-key-gate.ts', import.meta.url), 'utf8')
  const { database } = await setup()
  await callApi((await setup()).url, 'GET', '/auth/status', { headers: WRONG })

  // By construction: clocks are no witness.
  expect(source).toContain('timingSafeEqual(digest(given), this.#expected)')
  expect(source).not.toMatch(/given (=|!)== (?!')|apiKey (=|!)==/)
  expect(JSON.stringify(await database.selectFrom('audit_log').selectAll().execute())).not.toContain(API_KEY)
})

test('neither the key nor a wrong one reaches the log of the process', async () => {
  const server = await startTestServer({ environment: { API_KEY, LOG_LEVEL: 'trace' } })
  for (const headers of [KEY, WRONG]) await callApi(server.url, 'GET', '/auth/status', { headers })
  await server.stop()

  for (const key of [API_KEY, WRONG['x-api-key']]) expect(server.output()).not.toContain(key)
})
