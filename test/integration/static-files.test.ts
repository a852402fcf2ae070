import { afterAll, expect, test } from 'vitest'
import { callApi, PASSWORD } from '../support/api-client.ts'
import { startTestApp } from '../support/test-app.ts'

const { app, url, setupCode } = await startTestApp({
  onEnd: afterAll,
  webFiles: {
    'index.html': 'the app',
    'sign-in.html': 'the sign-in page',
    'favicon.svg': '<svg/>',
    'assets/app-abc123.js': 'plain script',
    'assets/app-abc123.js.br': 'brotli script',
    'assets/app-abc123.js.gz': 'gzip script',
    'assets/style-abc123.css': 'plain style',
    'assets/.hidden.js': 'hidden',
    'secret.txt': 'secret',
  },
})

const { headers: answered } = await callApi(url, 'POST', '/auth/register', { body: { username: 'ada', password: PASSWORD, setupCode } })
const marker = /acu_signed_in_\w+=1/.exec(answered.getSetCookie().join('; '))?.[0] ?? ''

const get = (url: string, headers: Record<string, string> = {}) => app.http.inject({ url, headers: { host: 'localhost', ...headers } })

test('an asset is served for ever, compressed as the browser can', async () => {
  const brotli = await get('/assets/app-abc123.js', { 'accept-encoding': 'gzip, deflate, br' })
  const gzip = await get('/assets/app-abc123.js', { 'accept-encoding': 'gzip' })
  const plain = await get('/assets/app-abc123.js')

  expect(brotli).toMatchObject({ statusCode: 200, body: 'brotli script' })
  expect(brotli.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  })
  expect(gzip).toMatchObject({ body: 'gzip script', headers: { 'content-encoding': 'gzip' } })
  expect(plain.body).toBe('plain script')
  expect(plain.headers).not.toHaveProperty('content-encoding')
})

test('an asset without a compressed form is served as it is', async () => {
  const response = await get('/assets/style-abc123.css', { 'accept-encoding': 'br' })

  expect(response).toMatchObject({ statusCode: 200, body: 'plain style', headers: { 'content-type': 'text/css; charset=utf-8' } })
})

test.for([
  '/assets/../secret.txt',
  '/assets/..%2fsecret.txt',
  '/assets/%2e%2e%2fsecret.txt',
  '/assets/..%5csecret.txt',
  '/assets/.hidden.js',
  '/assets/app-abc123.js%00.css',
  '/assets/app-abc123.js.br',
  '/assets/',
  '/assets/missing.js',
  '/secret.txt',
  '/index.html',
  '/../etc/passwd',
  '/%2e%2e/etc/passwd',
  '//etc/passwd',
])('%s leads to nothing', async (path) => {
  const { statusCode, body } = await get(path)

  expect(body).not.toMatch(/secret$|hidden|root:/)
  // A page's address may be anything without a dot; it is answered with the sign-in page and nothing else.
  expect(statusCode === 404 || body === 'the sign-in page').toBe(true)
})

test('who is not signed in gets the sign-in page, who was gets the app, at any address', async () => {
  for (const path of ['/', '/projects/prj_1', '/sessions/ses_1?x=1.2']) {
    expect(await get(path)).toMatchObject({ statusCode: 200, body: 'the sign-in page' })
    const signedIn = await get(path, { cookie: `other=1; ${marker}` })
    expect(signedIn).toMatchObject({ statusCode: 200, body: 'the app' })
    expect(signedIn.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      vary: 'cookie, accept-encoding',
    })
  }
  expect((await get('/', { cookie: `not_${marker}` })).body).toBe('the sign-in page')
})

test('an unknown address of the API is no page', async () => {
  const response = await get('/api/nothing')

  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({ code: 'NOT_FOUND' })
})

test('the icon may be kept for a day', async () => {
  expect(await get('/favicon.svg')).toMatchObject({
    body: '<svg/>',
    headers: { 'cache-control': 'public, max-age=86400', 'content-type': 'image/svg+xml' },
  })
})
