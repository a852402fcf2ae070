import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { signIn } from '../support/api-client.ts'
import { connectForPackets } from '../support/one-packet.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { newClientId } from '../support/session-steps.ts'
import { eventually, within } from '../support/within.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'
import { Problem } from '#protocol/errors'

/** Bytes on a connection of their own, and everything that comes back until the server closes it. Our side stays open. */
async function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let answer = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    answer += chunk
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(bytes)
  // Nothing but a reset tells of a close while our own side stays open, so something is sent until it is refused.
  const sending = setInterval(() => socket.write('x'), 20)
  await within(5000, 'the server to let the connection go', new Promise((resolve) => socket.once('close', resolve))).finally(() => {
    clearInterval(sending)
    socket.destroy()
  })
  return answer
}

const upgrade = (address: string, host = '127.0.0.1') =>
  `GET ${address} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`

test('a socket that is refused is let go, also when its client keeps it open', async () => {
  const { url } = await startWorkplace()

  expect(await exchange(url, upgrade('/ws'))).toMatch(/^HTTP\/1\.1 401 /)
})

test('an address that is none is refused, not taken for a fault of the server', async () => {
  const { url } = await startWorkplace()

  const answer = await exchange(url, upgrade('//'))

  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('"code":"BAD_REQUEST"')
})

test.for([
  ['two Host headers', 'GET /api/auth/status HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n'],
  ['another host in the address', 'GET http://evil.test/api/auth/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
  ['two Host headers for a socket', upgrade('/ws').replace('Connection', 'Host: evil.test\r\nConnection')],
] as const)('%s are refused', async ([, bytes]) => {
  const { url } = await startWorkplace()

  expect(await exchange(url, bytes)).toMatch(/^HTTP\/1\.1 400 /)
})

test.for([
  ['an address with a backslash', 'GET \\\\api HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400, 'BAD_REQUEST'],
  ['no HTTP at all', '\u0016\u0003\u0001\r\n\r\n', 400, 'BAD_REQUEST'],
  ['headers without end', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'TOO_LARGE'],
] as const)('%s is refused in the words and with the headers of every other failure', async ([, bytes, status, code]) => {
  const { url } = await startWorkplace()

  const answer = await exchange(url, bytes)

  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `))
  expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
  expect(Problem.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''))).toMatchObject({ code })
})

test('the whole address instead of the path is served where it names the same host', async () => {
  const { url } = await startWorkplace()
  const { host } = new URL(url)

  const answer = await exchange(url, `GET ${url}/api/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
})

test('a socket whose login ended decides nothing any more, also while it closes', async () => {
  const workplace = await startWorkplace()
  const { agent, socket } = await startSession(workplace)
  await agent.startTurn()
  const stolen = await signIn(workplace.url)
  const thief = new WebSocket(`${workplace.url.replace('http', 'ws')}/ws?token=${stolen.token}`)
  await once(thief, 'open')
  const verdict = agent.ask(commandAsk('rm -r shop'))
  const request = await socket.take('claude-permission-request')

  // It does not look at the server's close and goes on talking.
  thief.pause()
  await stolen.request('POST', '/auth/logout')
  const { requestId, inputHash } = request
  thief.send(JSON.stringify({ type: 'claude-permission-response', requestId, inputHash, allow: true }))
  thief.resume()
  await once(thief, 'close')
  socket.send({ type: 'claude-permission-response', requestId, inputHash, allow: false })

  expect(await verdict).toMatchObject({ outcome: 'denied' })
})

test('of following and leaving at once the last word counts', async () => {
  const workplace = await startWorkplace()
  const { agent, sessionId } = await startSession(workplace)
  const { socket: client, sendInOnePacket } = await connectForPackets(workplace.device)
  const types: unknown[] = []
  client.on('message', (data: Buffer) => {
    const { type }: { type?: unknown } = JSON.parse(data.toString('utf8'))
    types.push(type)
  })
  sendInOnePacket([
    { type: 'session-subscribe', sessionId },
    { type: 'session-unsubscribe', sessionId },
  ])
  client.send(JSON.stringify({ type: 'ping' }))
  await agent.answer('hello')
  const other = await workplace.device.connect()
  other.send({ type: 'session-subscribe', sessionId })
  await other.take('session-event', ({ event }) => event.kind === 'turn.ended')
  client.send(JSON.stringify({ type: 'ping' }))
  await eventually('two pongs', () => (types.filter((type) => type === 'pong').length === 2 ? true : null))

  expect(types).not.toContain('session-event')
  client.terminate()
})

test('a list is not broken by a cursor that nobody was given', async () => {
  const { device } = await startWorkplace()

  for (const cursor of ['9'.repeat(400), '1e20', '-5', '1.5', 'x', '%00', newClientId()]) {
    for (const list of ['/projects', '/sessions']) {
      expect((await device.request('GET', `${list}?cursor=${cursor}`)).status).toBe(200)
    }
  }
})
