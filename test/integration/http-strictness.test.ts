import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { once } from 'node:events'
import { afterAll, expect, test } from 'vitest'
import { PASSWORD, register } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'

/* Requests that one reader could take for something else than another. */

const FOREIGN = 'https://ui.test'
const { url, setupCode } = await startTestApp({ onEnd: afterAll, environment: { ALLOWED_ORIGINS: FOREIGN } })
const device = await register(url, setupCode)
const JSON_TYPE = 'application/json'

const login = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': JSON_TYPE, ...headers }, body })

const RIGHT = JSON.stringify({ username: 'ada', password: PASSWORD })

test('a body in UTF-8 is read, whether it says so or not', async () => {
  expect((await login(RIGHT)).status).toBe(200)
  expect((await login(RIGHT, { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(200)
})

test.each([
  ['another character set', RIGHT, { 'content-type': 'application/json; charset=utf-7' }, 415],
  ['another character set in quotes', RIGHT, { 'content-type': 'application/json;charset="utf-16"' }, 415],
  ['a compressed body', new Uint8Array(gzipSync(RIGHT)), { 'content-encoding': 'gzip' }, 415],
  ['a body that claims to be compressed', RIGHT, { 'content-encoding': 'gzip' }, 415],
  ['bytes that are no UTF-8', new Uint8Array([...Buffer.from('{"username":"'), 0xc0, 0xae, ...Buffer.from('"}')]), {}, 400],
  ['a member that is named twice', `{"username":"eve","password":"x","username":"ada","password":"${PASSWORD}"}`, {}, 400],
  ['a member that is named twice in other letters', `{"username":"ada","password":"x","p\\u0061ssword":"${PASSWORD}"}`, {}, 400],
])('%s is refused', async (_, body, headers, status) => {
  const answer = await login(body, headers)
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({
    status,
    body: { code: status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST' },
  })
})

test.each([[65], [5000], [150_000]])('a call nested %s deep is refused as such', async (depth) => {
  const toolInput = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const answer = await fetch(`${url}/api/policy/test`, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, authorization: `Bearer ${device.token}` },
    body: `{"toolName":"Bash","toolInput":${toolInput},"projectId":"prj_x"}`,
  })
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
})

/** Sends the request line as it is: `fetch` would tidy it up. */
async function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const lines = Object.entries({ host: `127.0.0.1:${port}`, connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  const text = Buffer.concat(chunks).toString('latin1')
  return { status: Number(text.split(' ')[1]), text }
}

test.each(['/%61pi/auth/status', '/api/auth%2fstatus', '/api/%2e%2e/api/auth/status', '/%2e%2e/api/auth/status'])(
  'an address is read in one way: %s is none',
  async (path) => {
    expect(await raw(path)).toMatchObject({ status: 404, text: expect.stringMatching(/cache-control: no-store/i) })
  },
)

test('nothing is kept by a browser unless it says so', async () => {
  expect((await raw('/none')).text).toMatch(/cache-control: no-store/i)
  expect((await raw('/api/none')).text).toMatch(/cache-control: no-store/i)
})

test.each(['cross-site', 'same-site'])('a %s page gets nothing in the name of whoever looks at it, but may link here', async (site) => {
  const from = { 'sec-fetch-site': site }
  expect((await raw('/api/auth/status', { ...from, 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
  expect((await raw('/api/auth/status', { ...from, 'sec-fetch-mode': 'navigate' })).status).toBe(403)
  expect((await raw('/', { ...from, 'sec-fetch-mode': 'navigate' })).status).not.toBe(403)
})

test('pages of an allowed origin may ask and read, without cookies; others may not', async () => {
  const preflight = (origin: string) =>
    fetch(`${url}/api/projects`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } })
  const asked = await preflight(FOREIGN)
  expect({ status: asked.status, headers: Object.fromEntries(asked.headers) }).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': FOREIGN,
      vary: 'Origin',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
    },
  })
  expect(asked.headers.has('access-control-allow-credentials')).toBe(false)
  expect((await preflight('https://ui.test.evil.test')).status).toBe(403)

  const authorization = `Bearer ${device.token}`
  const read = await fetch(`${url}/api/projects`, { headers: { origin: FOREIGN, authorization } })
  expect({ status: read.status, allowed: read.headers.get('access-control-allow-origin') }).toEqual({ status: 200, allowed: FOREIGN })
  const own = await fetch(`${url}/api/projects`, { headers: { authorization } })
  expect({ vary: own.headers.get('vary'), allowed: own.headers.get('access-control-allow-origin') }).toEqual({
    vary: 'Origin',
    allowed: null,
  })
})

test('a refused upgrade says as much to a browser as any other answer', async () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const { status, text } = await raw('/ws', upgrade)
  expect(status).toBe(401)
  expect(text).toMatch(/content-security-policy: .*frame-ancestors 'none'/i)
  expect(text).toMatch(/x-content-type-options: nosniff/i)
})
