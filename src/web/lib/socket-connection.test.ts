import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ClientId, ProjectId, ProviderId, RequestId, SessionId } from '#protocol/ids'
import { ApiError } from './api-error.ts'
import { SocketConnection } from './socket-connection.ts'
import type { Socket } from './socket-link.ts'

const sessionId = SessionId.parse('ses_1')
const requestId = RequestId.parse('req_1')
const at = '2026-11-23T10:00:00.000Z'

/** A server's end of a socket: what was sent to it, and what it says. */
class FakeSocket implements Socket {
  readonly sent: unknown[] = []
  isClosed = false
  onopen: (() => void) | null = null
  onmessage: ((frame: { data: unknown }) => void) | null = null
  onclose: ((end: { code: number }) => void) | null = null

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.isClosed = true
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }

  /** What was sent of one type. */
  sentOf(type: string): unknown[] {
    return this.sent.filter((message) => typeof message === 'object' && message !== null && 'type' in message && message.type === type)
  }
}

function setup() {
  const sockets: FakeSocket[] = []
  let refusals = 0
  const renewLogin = vi.fn(async () => {})
  const connection = new SocketConnection({
    openSocket: async () => {
      if (refusals > 0) {
        refusals -= 1
        throw new ApiError({ code: 'NETWORK', message: 'No network.' })
      }
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    renewLogin,
  })
  const latest = () => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('no socket was opened')
    return socket
  }
  const open = async () => {
    connection.start()
    await vi.advanceTimersByTimeAsync(0)
    latest().onopen?.()
    return latest()
  }
  /** Breaks the socket and lets the next one open. */
  const reopen = async (code = 1006) => {
    latest().onclose?.({ code })
    await vi.advanceTimersByTimeAsync(30_000)
    latest().onopen?.()
    return latest()
  }
  return { connection, sockets, latest, open, reopen, renewLogin, refuse: (times: number) => (refusals = times) }
}

function promptOf(clientId: string) {
  return { clientId: ClientId.parse(clientId), sessionId, prompt: 'Fix it' }
}

function userMessage(seq: number, clientId: string) {
  const event = { v: 1, kind: 'user.message', messageId: 'msg_1', clientId, content: [], delivery: 'started', origin: 'user' }
  return { type: 'session-event', sessionId, seq, at, event }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a prompt written before there is a connection is sent once there is one', async () => {
  const { connection, open } = setup()
  const acknowledged = connection.prompt(promptOf('c1'))
  const socket = await open()
  expect(socket.sentOf('session-prompt')).toHaveLength(1)
  socket.say(userMessage(1, 'c1'))
  await expect(acknowledged).resolves.toBeUndefined()
  expect(connection.hasUnsent).toBe(false)
})

test('a prompt that was not acknowledged is sent again after a break, and one that was is not', async () => {
  const { connection, open, reopen } = setup()
  const first = await open()
  const kept = connection.prompt(promptOf('c1'))
  void connection.prompt(promptOf('c2'))
  first.say(userMessage(1, 'c1'))
  await kept
  const second = await reopen()
  expect(second.sentOf('session-prompt')).toEqual([{ type: 'session-prompt', ...promptOf('c2') }])
})

test('a prompt that the server refuses rejects with its sentence', async () => {
  const { connection, open } = setup()
  const socket = await open()
  const refused = connection.prompt(promptOf('c1'))
  socket.say({ type: 'error', code: 'TOO_LARGE', error: 'The prompt is too long.', clientId: 'c1' })
  await expect(refused).rejects.toThrow('The prompt is too long.')
})

test('a new session resolves with its id', async () => {
  const { connection, open } = setup()
  const socket = await open()
  const started = connection.startSession({
    clientId: ClientId.parse('c1'),
    provider: ProviderId.parse('claude'),
    projectId: ProjectId.parse('prj_1'),
    prompt: 'Hello',
  })
  socket.say({ type: 'session-started', clientId: 'c1', sessionId, provider: 'claude', projectId: 'prj_1' })
  await expect(started).resolves.toEqual({ sessionId })
})

test('what is over the limit of a message is refused here, and nothing is sent', async () => {
  const { connection, open } = setup()
  const socket = await open()
  await expect(connection.prompt({ ...promptOf('c1'), prompt: '€'.repeat(400_000) })).rejects.toMatchObject({ code: 'TOO_LARGE' })
  expect(socket.sentOf('session-prompt')).toEqual([])
})

test('followed sessions are asked for again after a break, from the last event that is known', async () => {
  const { connection, open, reopen } = setup()
  let seq = 0
  const stop = connection.follow(sessionId, () => seq)
  const first = await open()
  expect(first.sentOf('session-subscribe')).toEqual([{ type: 'session-subscribe', sessionId, afterSeq: 0 }])
  seq = 7
  const second = await reopen()
  expect(second.sentOf('session-subscribe')).toEqual([{ type: 'session-subscribe', sessionId, afterSeq: 7 }])
  stop()
  expect(second.sentOf('session-unsubscribe')).toHaveLength(1)
})

test('a session is left only when its last follower leaves', async () => {
  const { connection, open } = setup()
  const socket = await open()
  const stopFirst = connection.follow(sessionId, () => 3)
  const stopSecond = connection.follow(sessionId, () => 5)
  stopFirst()
  expect(socket.sentOf('session-unsubscribe')).toHaveLength(0)
  stopSecond()
  expect(socket.sentOf('session-unsubscribe')).toHaveLength(1)
})

test('a decision is never queued', async () => {
  const { connection, open } = setup()
  await expect(connection.decide(requestId, { allow: true })).rejects.toMatchObject({ code: 'NETWORK' })
  const socket = await open()
  expect(socket.sentOf('claude-permission-response')).toEqual([])
})

test('a decision counts once the server has confirmed it', async () => {
  const { connection, open } = setup()
  const socket = await open()
  const decided = connection.decide(requestId, { allow: false, reason: 'Not now' })
  expect(socket.sentOf('claude-permission-response')).toEqual([
    { type: 'claude-permission-response', requestId, allow: false, reason: 'Not now' },
  ])
  socket.say({ type: 'permission-resolved', requestId, sessionId, outcome: 'denied', by: { kind: 'user', name: 'ada' }, at })
  await expect(decided).resolves.toMatchObject({ outcome: 'denied' })
})

test('a decision that another device made first rejects with the server’s sentence', async () => {
  const { connection, open } = setup()
  const socket = await open()
  const decided = connection.decide(requestId, { allow: true })
  socket.say({ type: 'error', code: 'ALREADY_RESOLVED', error: 'ada decided this on the phone.', requestId })
  await expect(decided).rejects.toThrow('ada decided this on the phone.')
})

test('a decision whose answer is lost says so and is not sent again', async () => {
  const { connection, open, reopen } = setup()
  await open()
  const outcome = expect(connection.decide(requestId, { allow: true })).rejects.toMatchObject({ code: 'NETWORK' })
  const second = await reopen()
  await outcome
  expect(second.sentOf('claude-permission-response')).toEqual([])
})

test('a message that this version does not know is passed over', async () => {
  const { connection, open } = setup()
  const socket = await open()
  const heard: string[] = []
  connection.onMessage((message) => heard.push(message.type))
  socket.say({ type: 'from-the-future' })
  socket.onmessage?.({ data: 'no json' })
  socket.say({ type: 'pong' })
  expect(heard).toEqual(['pong'])
})

test('a socket that no longer answers is replaced', async () => {
  const { connection, open, sockets } = setup()
  const socket = await open()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(socket.sentOf('ping')).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(8_000)
  expect(connection.state).toBe('reconnecting')
  expect(socket.isClosed).toBe(true)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sockets).toHaveLength(2)
})

test('an answer keeps the socket', async () => {
  const { connection, open } = setup()
  const socket = await open()
  for (let minute = 0; minute < 3; minute += 1) {
    await vi.advanceTimersByTimeAsync(20_000)
    socket.say({ type: 'pong' })
  }
  expect(connection.state).toBe('open')
  expect(socket.sentOf('ping')).toHaveLength(3)
})

test('failed tries wait longer each time, and a page that is seen again tries at once', async () => {
  const { connection, sockets, refuse } = setup()
  refuse(4)
  connection.start()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(sockets).toHaveLength(0)
  expect(connection.state).toBe('connecting')
  refuse(0)
  connection.wake()
  await vi.advanceTimersByTimeAsync(0)
  expect(sockets).toHaveLength(1)
})

test('a socket that was ended for its login comes back after the login was renewed', async () => {
  const { open, reopen, renewLogin, sockets } = setup()
  await open()
  await reopen(4401)
  expect(renewLogin).toHaveBeenCalledOnce()
  expect(sockets).toHaveLength(2)
})

test('a connection that was stopped stays closed', async () => {
  const { connection, open, sockets } = setup()
  const socket = await open()
  connection.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(connection.state).toBe('closed')
  expect(socket.isClosed).toBe(true)
  expect(sockets).toHaveLength(1)
})
