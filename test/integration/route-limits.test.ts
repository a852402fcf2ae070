import { afterAll, describe, expect, test } from 'vitest'
import { callApi, register } from '../support/api-client.ts'
import { routesOf } from '../support/schema-samples.ts'
import { startTestApp } from '../support/test-app.ts'

/* What a body may be, on every route that there is: a route that is added walks along by itself. */

const { url, setupCode } = await startTestApp({
  onEnd: afterAll,
  environment: { RATE_LIMITS: 'writing=100000,costly=100000,sign-in=100000' },
})
const { token } = await register(url, setupCode)
const routes = routesOf((await callApi(url, 'GET', '/openapi.json')).body)
const writing = routes.filter(({ method, name }) => method !== 'GET' && !name.includes('/logout'))

async function send(method: string, path: string, type: string, body: string | Buffer) {
  const headers = { 'content-type': type, authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/api${path}`, { method, headers, body: typeof body === 'string' ? body : new Uint8Array(body) })
  return { status: answer.status, body: await answer.text() }
}

test('there are routes to look at', () => {
  expect(writing.length).toBeGreaterThan(40)
})

// A fresh proof is asked for before the body is read.
const refused = (status: number) => [status, 403]

describe.each(writing.map(({ name, method, pathWith }) => ({ name, method, path: pathWith({}) })))('$name', ({ method, path }) => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/csp-report',
    'application/xml',
  ])('refuses %s', async (type) => {
    expect(refused(415)).toContain((await send(method, path, type, '{}')).status)
  })

  test('refuses what is too long, too deep, too many, and what is no JSON in UTF-8', async () => {
    const json = 'application/json'
    expect(refused(413)).toContain((await send(method, path, json, `"${'a'.repeat(1024 * 1024)}"`)).status)
    expect(refused(400)).toContain((await send(method, path, json, '['.repeat(70) + ']'.repeat(70))).status)
    expect(refused(400)).toContain((await send(method, path, json, `[${'0,'.repeat(200_001)}0]`)).status)
    expect(refused(400)).toContain((await send(method, path, json, '{"a":')).status)
    expect(refused(400)).toContain((await send(method, path, json, Buffer.from([0x22, 0xff, 0x22]))).status)
  })
})
