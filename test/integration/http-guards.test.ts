import { afterAll, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { Problem } from '#protocol/errors'
import { callApi, register } from '../support/api-client.ts'
import { SocketClient } from '../support/socket-client.ts'
import { startTestApp } from '../support/test-app.ts'

/*
 * What holds for every route: who may call it, what a body must look like, which headers an answer carries.
 */

const { app, url, setupCode } = await startTestApp({
  onEnd: afterAll,
  environment: { ALLOWED_HOSTS: 'code.test', ALLOWED_ORIGINS: 'https://code.test' },
})
const device = await register(url, setupCode)

const OpenApi = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ security: z.array(z.unknown()), requestBody: z.optional(z.unknown()), responses: z.record(z.string(), z.unknown()) }),
    ),
  ),
})
const { paths } = OpenApi.parse((await callApi(url, 'GET', '/openapi.json')).body)
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    // Any id will do: whether it exists must not be told to a stranger.
    path: path.replace(/^\/api/, '').replace(/\{\w+\}/g, 'some-id'),
    isPublic: operation.security.length === 0,
    hasBody: operation.requestBody !== undefined,
  })),
)
const PUBLIC = [
  'GET /auth/status',
  'GET /health',
  'GET /openapi.json',
  'GET /ready',
  'POST /auth/invitations/accept',
  'POST /auth/invitations/inspect',
  'POST /auth/login',
  'POST /auth/passkeys/challenge',
  'POST /auth/passkeys/login',
  'POST /auth/refresh',
  'POST /auth/register',
]

test('the public routes are those of the contract and no more', () => {
  expect(
    operations
      .filter(({ isPublic }) => isPublic)
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  ).toEqual(PUBLIC)
  expect(operations.length).toBeGreaterThan(20)
})

test.for(operations.filter(({ isPublic }) => !isPublic))('$method $path refuses a stranger', async ({ method, path }) => {
  for (const authorization of [undefined, 'Bearer ', 'Bearer x.y.z', 'Basic YTpi', device.token]) {
    const answer = await callApi(url, method, path, { headers: authorization === undefined ? {} : { authorization } })

    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED', error: expect.any(String) } })
    expect(Problem.safeParse(answer.body).success).toBe(true)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  }
})

test.for(operations.filter(({ hasBody }) => hasBody))('$method $path refuses a field that it does not know', async ({ method, path }) => {
  const answer = await device.request(method, path, { body: { surprise: true } })

  expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  expect(JSON.stringify(answer.body)).toContain('surprise')
})

test.for(operations.filter(({ method }) => method !== 'GET'))(
  '$method $path takes nothing that a form could send',
  async ({ method, path }) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const response = await app.http.inject({
        method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).parse(method),
        url: `/api${path}`,
        headers: { 'content-type': type, authorization: `Bearer ${device.token}` },
        payload: '{"a":1}',
      })

      expect(response.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
      expect(response.statusCode).toBe(415)
    }
  },
)

test('a body that is not JSON, not an object or too large is refused in words', async () => {
  const post = (payload: string) =>
    app.http.inject({ method: 'POST', url: '/api/auth/login', headers: { 'content-type': 'application/json' }, payload })

  for (const payload of ['{"a":', '[]', '"x"', 'null', '{"__proto__":{"a":1}}']) {
    expect((await post(payload)).json()).toMatchObject({ code: 'BAD_REQUEST', error: expect.stringMatching(/\.$/) })
  }
  const tooLarge = await post(JSON.stringify({ username: 'x'.repeat(1024 * 1024) }))
  expect(tooLarge.statusCode).toBe(413)
  expect(tooLarge.json()).toMatchObject({ code: 'TOO_LARGE' })
})

test.for([
  ['evil.test', 421],
  ['127.0.0.1.evil.test', 421],
  ['localhost.', 421],
  ['localhost:9999', 200],
  ['[::1]:3001', 200],
  ['CODE.test', 200],
] as const)('the Host "%s" is answered with %i', async ([host, status]) => {
  const response = await app.http.inject({ url: '/api/health', headers: { host } })

  expect(response.statusCode).toBe(status)
  if (status === 421) expect(response.json()).toMatchObject({ code: 'HOST_NOT_ALLOWED' })
})

test.for([
  [{ origin: 'https://evil.test' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'https://localhost' }, 403],
  [{ origin: 'http://localhost:1' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ origin: 'http://localhost' }, 200],
  [{ origin: 'https://code.test', 'sec-fetch-site': 'cross-site' }, 200],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{}, 200],
] as const)('a request with %o is answered with %i', async ([headers, status]) => {
  const response = await app.http.inject({ url: '/api/health', headers: { host: 'localhost', ...headers } })

  expect(response.statusCode).toBe(status)
  if (status === 403) expect(response.json()).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' })
})

test('a link from another site leads to a page, but never into the API', async () => {
  const headers = { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }

  expect((await app.http.inject({ url: '/projects', headers })).statusCode).not.toBe(403)
  expect((await app.http.inject({ url: '/api/health', headers })).statusCode).toBe(403)
})

test.for([
  ['GET', '/api/health', {}],
  ['GET', '/api/projects', {}],
  ['GET', '/api/nothing', {}],
  ['POST', '/api/auth/login', {}],
  ['GET', '/api/health', { host: 'evil.test' }],
  ['GET', '/api/health', { origin: 'https://evil.test' }],
  ['GET', '/nothing.js', {}],
  ['GET', '/assets/nothing.js', {}],
  ['GET', '/%zz', {}],
  ['DELETE', '/', {}],
] as const)('%s %s %o carries the security headers, whatever the answer', async ([method, path, headers]) => {
  const response = await app.http.inject({ method, url: path, headers: { host: 'localhost', ...headers } })

  expect(response.headers).toMatchObject({
    'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  })
  if (path.startsWith('/api/')) expect(response.headers['cache-control']).toBe('no-store')
  if (response.statusCode >= 400) expect(Problem.safeParse(response.json()).success).toBe(true)
})

test.for([
  [{}, 401, 'UNAUTHORIZED'],
  [{ query: 'token=' }, 401, 'UNAUTHORIZED'],
  [{ query: 'token=a.b.c' }, 401, 'UNAUTHORIZED'],
  [{ query: 'ticket=unknown' }, 401, 'UNAUTHORIZED'],
  [{ query: `token=${device.token}`, origin: 'https://evil.test' }, 403, 'ORIGIN_NOT_ALLOWED'],
  [{ query: `token=${device.token}`, origin: 'null' }, 403, 'ORIGIN_NOT_ALLOWED'],
  [{ query: `token=${device.token}`, host: 'evil.test' }, 421, 'HOST_NOT_ALLOWED'],
] as const)('an upgrade with %o is refused with %i before it happens', async ([options, status, code]) => {
  const refusal = await SocketClient.refused(url, options)

  expect(refusal).toEqual({ status, body: { code, error: expect.any(String) } })
})

test('a socket is opened by a token from our own origin and from none', async () => {
  for (const origin of [undefined, url, 'https://code.test']) {
    const socket = await SocketClient.connect(url, { query: `token=${device.token}`, ...(origin === undefined ? {} : { origin }) })
    await socket.roundTrip()
    await socket.close()
  }
})
