import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent, request, type RequestOptions } from 'node:https'
import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../../../test/support/certificates.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { systemClock } from '../../platform/clock.ts'
import { FrontDoor } from '../front-door.ts'
import { OriginGuard } from '../origin-guard.ts'
import { TrustedProxies } from '../trusted-proxies.ts'
import { readTlsPair } from './certificate.ts'

async function setup(basePath = '') {
  const folder = await temporaryFolder(onTestFinished)
  const files = await makeCertificate(folder, 'first')
  const door = new FrontDoor({
    originGuard: new OriginGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    trustedProxies: new TrustedProxies([]),
    version: '1.2.3',
    basePath,
    tls: await readTlsPair(files, systemClock.now()),
  })
  onTestFinished(() => door.close())
  await door.listen('127.0.0.1', 0)
  door.open((asked, response) => {
    asked.resume()
    asked.on('end', () => response.end('{"from":"app"}'))
  })
  const address = door.server.address() as AddressInfo
  return { door, port: address.port, folder }
}

interface Answer {
  status: number | undefined
  headers: NodeJS.Dict<string | string[]>
  body: string
}

type Send = (options: RequestOptions, take: (response: IncomingMessage) => void) => ClientRequest

function ask(send: Send, options: RequestOptions, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = send(options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: text })
      })
    })
    asked.on('error', reject).end(body)
  })
}

async function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
  onTestFinished(() => {
    socket.destroy()
  })
  await once(socket, 'secureConnect')
  return socket
}

test('answers over TLS, a large body too', async () => {
  const { port } = await setup()
  const options = { host: '127.0.0.1', port, path: '/x', method: 'POST', rejectUnauthorized: false }
  expect(await ask(request, options, 'x'.repeat(300_000))).toMatchObject({ status: 200, body: '{"from":"app"}' })
})

test('speaks TLS 1.2 and 1.3, and no cipher without forward secrecy', async () => {
  const { port } = await setup()
  expect((await handshake(port)).getProtocol()).toBe('TLSv1.3')
  const older = await handshake(port, { maxVersion: 'TLSv1.2' })
  expect([older.getProtocol(), older.getCipher().name]).toEqual(['TLSv1.2', expect.stringMatching(/^ECDHE-.*(GCM|POLY1305)/)])
  await expect(handshake(port, { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' })).rejects.toThrow()
  await expect(handshake(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })).rejects.toThrow()
})

test('a new certificate is for new connections; open ones go on', async () => {
  const { door, port, folder } = await setup()
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, maxCachedSessions: 0 })
  onTestFinished(() => {
    agent.destroy()
  })
  const before = await handshake(port)
  await ask(request, { host: '127.0.0.1', port, agent })
  const [socket] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])

  door.renew(await readTlsPair(await makeCertificate(folder, 'second'), systemClock.now()))

  const after = await handshake(port)
  expect(before.getPeerCertificate().subject.CN).toBe('first')
  expect(after.getPeerCertificate().subject.CN).toBe('second')
  expect(await ask(request, { host: '127.0.0.1', port, agent })).toMatchObject({ status: 200 })
  expect(Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])[0]).toBe(socket)
})

test.for([
  ['/', 'https://localhost/'],
  ['/sessions/x?secret=y', 'https://localhost/sessions/x'],
] as const)('a page that is asked for in the clear at %s is found at %s', async ([path, location]) => {
  const { port } = await setup()
  const answer = await ask(plainRequest, { host: '127.0.0.1', port, path, headers: { host: 'localhost' }, agent: false })
  expect(answer).toMatchObject({ status: 308, headers: { location, connection: 'close' } })
})

test.for([
  { path: '/api/auth/user' },
  { path: '/ws?ticket=x', headers: { connection: 'Upgrade', upgrade: 'websocket' } },
  { path: '/', method: 'POST' },
  { path: '/', headers: { host: 'evil.example' } },
])('in the clear $path $headers is refused and sent nowhere', async ({ path, method = 'GET', headers = {} }) => {
  const { port } = await setup()
  const answer = await ask(plainRequest, { host: '127.0.0.1', port, path, method, headers, agent: false })
  expect(answer).toMatchObject({ status: 426, headers: { upgrade: 'TLS/1.2, HTTP/1.1' } })
  expect(answer.headers.location).toBeUndefined()
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'BAD_REQUEST', error: expect.stringContaining('https://') })
})

test('what is neither is closed, and the server goes on', async () => {
  const { port } = await setup()
  for (const bytes of [Buffer.from([22, 3, 1, 0, 5, 1, 2, 3, 4, 5]), Buffer.from([0, 1, 2]), Buffer.from('SSH-2.0-x\r\n\r\n')]) {
    const socket: Socket = connectPlain(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(bytes)
    socket.resume()
    await once(socket, 'close')
  }
  expect(await ask(request, { host: '127.0.0.1', port, rejectUnauthorized: false })).toMatchObject({ status: 200 })
})

test('closing ends also what has not said a word', async () => {
  const { door, port } = await setup()
  const silent = connectPlain(port, '127.0.0.1')
  silent.on('error', () => {})
  await once(silent, 'connect')
  await handshake(port)
  const ended = once(silent, 'close')
  await door.close()
  await ended
})
