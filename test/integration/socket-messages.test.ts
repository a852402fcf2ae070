import { WebSocket } from 'ws'
import { expect, test } from 'vitest'
import { MAX_PROMPT_LENGTH } from '#protocol/messages'
import { frame, upgradeRaw } from '../support/raw-socket.ts'
import { newClientId, promptMessage, startMessage } from '../support/session-steps.ts'
import { TestClock } from '../support/test-clock.ts'
import { within } from '../support/within.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

/*
 * What a socket does with messages that no client of ours would send.
 */

test.for([
  ['no JSON', '{"type":'],
  ['no object', '[]'],
  ['nothing', ''],
  ['no type', '{}'],
  ['an unknown type', '{"type":"session-destroy"}'],
  ['a type of the server', '{"type":"session-event","sessionId":"x","seq":1}'],
  ['an unknown field', '{"type":"ping","surprise":1}'],
  ['a wrong shape', '{"type":"session-subscribe","sessionId":"x","afterSeq":"1"}'],
  ['a number out of range', '{"type":"session-subscribe","sessionId":"x","afterSeq":-1}'],
  ['an id with strange characters', '{"type":"session-interrupt","sessionId":"../x"}'],
  ['an empty prompt', '{"type":"session-prompt","clientId":"c","sessionId":"x","prompt":"  \\n"}'],
] as const)('a message with %s is refused in words, and the connection goes on', async ([, text]) => {
  const { device } = await startWorkplace()
  const socket = await device.connect()

  socket.send(text)

  expect(await socket.take('error')).toMatchObject({ code: 'INVALID_MESSAGE', error: expect.stringMatching(/\.$/) })
  await socket.roundTrip()
})

test('an error names the message that failed', async () => {
  const { device } = await startWorkplace()
  const socket = await device.connect()

  socket.send({ ...startMessage('prj_1'), clientId: 'mine', surprise: true })
  expect(await socket.take('error')).toMatchObject({
    clientId: 'mine',
    details: { fields: [{ field: 'surprise', problem: 'is not known here' }] },
  })
  socket.send({ type: 'claude-permission-response', requestId: 'req-1', allow: 'yes' })
  expect(await socket.take('error')).toMatchObject({ requestId: 'req-1' })
})

test('a prompt over the limit is refused and the connection lives; one at the limit is taken', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.answer('hello')

  socket.send({ ...promptMessage(sessionId, 'x'.repeat(MAX_PROMPT_LENGTH + 1)), clientId: 'long' })
  expect(await socket.take('error')).toMatchObject({
    code: 'INVALID_MESSAGE',
    clientId: 'long',
    error: expect.stringContaining('longer than'),
  })
  socket.send(promptMessage(sessionId, 'y'.repeat(MAX_PROMPT_LENGTH)))

  expect((await agent.nextPrompt()).text).toHaveLength(MAX_PROMPT_LENGTH)
})

test('a message of 2 MiB closes the connection as too big, and nothing of it is done', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.answer('hello')

  socket.send(promptMessage(sessionId, 'x'.repeat(2 * 1024 * 1024)))

  expect(await within(5000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 1009 })
  const again = await workplace.device.connect()
  again.send(promptMessage(sessionId, 'short'))
  expect((await agent.nextPrompt()).text).toBe('short')
})

test('who keeps sending nonsense is let go', async () => {
  const { device } = await startWorkplace()
  const socket = await device.connect()

  for (let count = 0; count < 60; count += 1) socket.send('nonsense')

  expect(await within(5000, 'the socket to be closed', socket.closed)).toMatchObject({ code: 1008 })
})

test('who floods is let go, while another connection is served', async () => {
  const { device } = await startWorkplace()
  const [flooding, other] = [await device.connect(), await device.connect()]

  for (let count = 0; count < 600; count += 1) flooding.send({ type: 'ping' })

  expect(await within(5000, 'the socket to be closed', flooding.closed)).toMatchObject({ code: 4429 })
  await other.roundTrip()
})

test('bytes instead of text close the connection', async () => {
  const { device, url } = await startWorkplace()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${device.token}`)
  const closed = new Promise((resolve) => {
    socket.on('close', resolve)
  })
  socket.on('open', () => {
    socket.send(Buffer.from('{"type":"ping"}'))
  })

  expect(await within(5000, 'the socket to be closed', closed)).toBe(1003)
})

test('who stops following a session hears nothing more of it', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.answer('one')
  await socket.take('session-event', ({ event }) => event.kind === 'turn.ended')
  socket.send({ type: 'session-unsubscribe', sessionId })
  await socket.roundTrip()
  const before = socket.received.filter(({ type }) => type === 'session-event').length

  socket.send({ ...promptMessage(sessionId, 'two'), clientId: newClientId() })
  await agent.answer('two')
  await socket.take('sessions-updated', ({ session }) => session?.state === 'idle' && session.lastSeq > before)

  expect(socket.received.filter(({ type }) => type === 'session-event').length).toBeLessThanOrEqual(before + 1)
})

test.for([
  ['deep', '['.repeat(100_000)],
  ['wide', `{"type":"ping","x":[${'0,'.repeat(30_000)}0]}`],
] as const)('a message that is too %s is refused before it is read', async ([, text]) => {
  const { device } = await startWorkplace()
  const socket = await device.connect()

  socket.send(text)

  expect(await socket.take('error')).toMatchObject({ code: 'INVALID_MESSAGE', error: expect.stringContaining('nested too deep') })
  await socket.roundTrip()
})

test('decisions beyond the share of a user are answered in words, on every connection, while others of the user are served', async () => {
  // Whose time stands still, so that nothing comes back while a slow machine reads them.
  const { device } = await startWorkplace({ clock: new TestClock() })
  const sockets = [await device.connect(), await device.connect(), await device.connect()]

  for (const socket of sockets)
    for (let count = 0; count < 200; count += 1) socket.send({ type: 'claude-permission-response', requestId: 'r', allow: false })

  // A pong comes after the refusals of what was sent before it. Which socket is served first is for the system to say.
  for (const socket of sockets) await socket.roundTrip()
  const refused = sockets.flatMap(({ received }) =>
    received.filter((message) => message.type === 'error' && message.code === 'RATE_LIMITED'),
  )
  expect(refused).toHaveLength(200)
  expect(refused[0]).toMatchObject({ requestId: 'r', details: { retryAfter: 1 } })
})

test('a message in many fragments ends the connection alone', async () => {
  const { device, url } = await startWorkplace()
  const other = await device.connect()

  const parts = Array.from({ length: 300 }, (_, index) => frame('[', { opcode: index === 0 ? 1 : 0, isLast: false }))

  expect((await upgradeRaw(url, { path: `/ws?token=${device.token}`, frames: [Buffer.concat(parts)] })).closed).toBe(1008)
  await other.roundTrip()
})

test('a flood of pings of the protocol itself ends the connection alone', async () => {
  const { device, url } = await startWorkplace()
  const other = await device.connect()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${device.token}`)
  const closed = new Promise((resolve) => {
    socket.on('close', resolve)
  })
  socket.on('open', () => {
    for (let count = 0; count < 400; count += 1) socket.ping()
  })

  expect(await within(5000, 'the socket to be closed', closed)).toBe(1006)
  await other.roundTrip()
})
