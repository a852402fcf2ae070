import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { FrontDoor } from './front-door.ts'
import { OriginGuard } from './origin-guard.ts'
import { TrustedProxies } from './trusted-proxies.ts'

async function setup(trustProxy: string[] = []) {
  const originGuard = new OriginGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] })
  const door = new FrontDoor({ originGuard, trustedProxies: new TrustedProxies(trustProxy), version: '1.2.3', basePath: '', tls: null })
  onTestFinished(() => door.close())
  await door.listen('127.0.0.1', 0)
  const address = door.server.address() as AddressInfo
  return { door, port: address.port }
}

interface Answer {
  status: number | undefined
  headers: NodeJS.Dict<string | string[]>
  body: unknown
}

function get(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) })
      })
    })
    asked.on('error', reject).end()
  })
}

test('while the server starts it lives, and everything else is asked to come again', async () => {
  const { port } = await setup()
  expect(await get(port, '/api/health')).toMatchObject({ status: 200, body: { status: 'ok', version: '1.2.3' } })
  for (const path of ['/api/ready', '/', '/api/auth/user']) {
    const answer = await get(port, path)
    expect(answer).toMatchObject({ status: 503, body: { code: 'NOT_READY' } })
    expect(answer.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  }
})

test('a socket that comes too early is told so before any upgrade', async () => {
  const { port } = await setup()
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  expect(await get(port, '/ws?ticket=x', upgrade)).toMatchObject({ status: 503, body: { code: 'NOT_READY' } })
})

test('names and origins are checked from the first moment', async () => {
  const { port } = await setup()
  expect(await get(port, '/api/health', { host: 'evil.example' })).toMatchObject({ status: 421, body: { code: 'HOST_NOT_ALLOWED' } })
  expect(await get(port, '/api/health', { origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: { code: 'ORIGIN_NOT_ALLOWED' },
  })
})

test('once opened, the app answers, and closing ends what is connected', async () => {
  const { door, port } = await setup()
  door.open((_, response) => response.end('{"from":"app"}'))
  expect(await get(port, '/api/health')).toMatchObject({ status: 200, body: { from: 'app' } })
  await door.close()
  await expect(get(port, '/api/health')).rejects.toThrow()
})

test('what is on its way when the server ends is answered, and nobody new is let in', async () => {
  const { door, port } = await setup()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers()
  const { promise: work, resolve: finish } = Promise.withResolvers()
  door.open((_, response) => {
    arrive(null)
    void work.then(() => response.end('{"from":"app"}'))
  })
  const answer = get(port, '/slow')
  await arrived
  const drained = door.drain()
  await expect(get(port, '/late')).rejects.toThrow()
  finish(null)
  expect(await answer).toMatchObject({ status: 200, body: { from: 'app' } })
  await drained
  await door.close()
})

test("behind a trusted TLS proxy the browser's own origin is asked to come again, not refused", async () => {
  const headers = { 'x-forwarded-proto': 'https', origin: 'https://localhost', host: 'localhost' }
  const trusting = await setup(['127.0.0.1'])
  expect(await get(trusting.port, '/api/auth/refresh', headers)).toMatchObject({ status: 503, body: { code: 'NOT_READY' } })
  const other = await setup()
  expect(await get(other.port, '/api/auth/refresh', headers)).toMatchObject({ status: 403, body: { code: 'ORIGIN_NOT_ALLOWED' } })
})
