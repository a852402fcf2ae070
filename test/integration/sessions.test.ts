import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageOf } from '#protocol/lists'
import { Session } from '#protocol/sessions'
import { eventOf, inState, newClientId, sessionOf, startMessage } from '../support/session-steps.ts'
import type { SocketClient } from '../support/socket-client.ts'
import { restart, signInSomebodyElse, startSession, startWorkplace } from '../support/workplace.ts'

/*
 * Conversations from the socket to the agent and back, with an agent that does what the test says.
 */

test('a prompt reaches the agent and its answer every follower, in order from 1', async () => {
  const workplace = await startWorkplace()
  const { agent, socket } = await startSession(workplace, 'What is this?')

  const { text } = await agent.answer('A shop.')
  await eventOf(socket, 'session.state', ({ state }) => state === 'idle')
  await eventOf(socket, 'turn.ended')

  expect(text).toBe('What is this?')
  expect(agent.options).toMatchObject({ cwd: workplace.projectPath, mode: 'default', model: null, trusted: false })
  const events = socket.received.filter((message) => message.type === 'session-event')
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.map(({ event }) => event.kind)).toEqual(
    expect.arrayContaining(['user.message', 'turn.started', 'block.completed', 'turn.ended', 'session.state']),
  )
})

test('the same start twice, also at once from two devices, makes one session and one prompt', async () => {
  const { device, project, provider } = await startWorkplace()
  const sockets = [await device.connect(), await device.connect()]
  const message = startMessage(project.id)
  for (const socket of [...sockets, ...sockets]) socket.send(message)

  const answers = await Promise.all([...sockets, ...sockets].map((socket) => socket.take('session-started')))
  const agent = await provider.nextAgent()
  await agent.answer('once')

  expect(new Set(answers.map(({ sessionId }) => sessionId)).size).toBe(1)
  expect(answers.every(({ clientId }) => clientId === message.clientId)).toBe(true)
  expect(provider.opened).toHaveLength(1)
  const { items } = pageOf(Session).parse((await device.request('GET', '/sessions')).body)
  expect(items).toHaveLength(1)
})

test('the same prompt twice is handed over once, and others keep their order', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace, 'first')
  await agent.nextPrompt()
  const prompt = (text: string, clientId = newClientId()) => ({ type: 'session-prompt', clientId, sessionId, prompt: text })
  const repeated = prompt('second')

  for (const message of [repeated, repeated, prompt('third'), repeated, prompt('fourth')]) socket.send(message)

  expect([await agent.nextPrompt(), await agent.nextPrompt(), await agent.nextPrompt()].map(({ text }) => text)).toEqual([
    'second',
    'third',
    'fourth',
  ])
})

test("somebody else's session is as unknown as one that does not exist", async () => {
  const workplace = await startWorkplace()
  const { sessionId, agent } = await startSession(workplace)
  await agent.answer('private')
  const eve = await signInSomebodyElse(workplace)
  const socket = await eve.connect()
  const overHttp = async (id: string) => {
    const answers = [
      await eve.request('GET', `/sessions/${id}`),
      await eve.request('GET', `/sessions/${id}/events`),
      await eve.request('PATCH', `/sessions/${id}`, { body: { title: 'x' } }),
    ]
    return answers.map(({ status, body }) => ({ status, body }))
  }
  const overSocket = async (id: string) => {
    const messages = [
      { type: 'session-subscribe', sessionId: id },
      { type: 'session-prompt', clientId: 'c1', sessionId: id, prompt: 'tell me' },
      { type: 'session-interrupt', sessionId: id },
    ]
    const errors = []
    for (const message of messages) {
      socket.send(message)
      errors.push({ ...(await socket.take('error')), sessionId: null })
    }
    return errors
  }

  expect(await overHttp(sessionId)).toEqual(await overHttp('ses_unknown'))
  expect((await overHttp(sessionId))[0]).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect(await overSocket(sessionId)).toEqual(await overSocket('ses_unknown'))
  expect(pageOf(Session).parse((await eve.request('GET', '/sessions')).body).items).toEqual([])
  expect(pageOf(Session).parse((await eve.request('GET', `/projects/${workplace.project.id}/sessions`)).body).items).toEqual([])
  expect(socket.received.some(({ type }) => type === 'session-event' || type === 'sessions-updated')).toBe(false)
})

test('two followers, one who reconnects and one after a restart see the same events', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  const second = await workplace.device.connect()
  second.send({ type: 'session-subscribe', sessionId, afterSeq: 0 })
  await agent.startTurn()
  for (let count = 0; count < 20; count += 1) agent.say(`part ${String(count)}`)
  const cutAt = (await second.take('session-event', ({ seq }) => seq === 10)).seq

  second.cut()
  for (let count = 20; count < 40; count += 1) agent.say(`part ${String(count)}`)
  const third = await workplace.device.connect()
  third.send({ type: 'session-subscribe', sessionId, afterSeq: cutAt })
  agent.endTurn()
  await eventOf(third, 'turn.ended')
  await eventOf(socket, 'turn.ended')

  const eventsOf = (client: SocketClient, from = 0) =>
    client.received.filter((message) => message.type === 'session-event' && message.seq > from)
  const last = Math.min(eventsOf(socket).length, cutAt + eventsOf(third).length)
  const whole = eventsOf(socket).slice(0, last)
  expect(eventsOf(second).slice(0, cutAt)).toEqual(whole.slice(0, cutAt))
  expect(eventsOf(third).slice(0, last - cutAt)).toEqual(whole.slice(cutAt))

  const { device } = await restart(workplace)
  const later = await device.connect()
  later.send({ type: 'session-subscribe', sessionId })
  await later.take('session-subscribed')
  expect(eventsOf(later).slice(0, last)).toEqual(whole)
  const page = await device.request('GET', `/sessions/${sessionId}/events?after=${String(cutAt)}&limit=5`)
  expect(page.body).toMatchObject({
    items: whole.slice(cutAt, cutAt + 5).map(({ type: _, ...event }) => event),
    nextCursor: String(cutAt + 5),
  })
})

test('a device that does not read holds nobody back and misses nothing', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  const slow = await workplace.device.connect()
  slow.send({ type: 'session-subscribe', sessionId })
  await slow.take('session-subscribed')
  slow.pause()
  await agent.startTurn()
  for (let count = 0; count < 300; count += 1) {
    // Does not compress, so that it fills the connection.
    agent.say(randomUUID().repeat(1000))
    await agent.host.drained()
  }
  agent.endTurn()

  await eventOf(socket, 'turn.ended')
  expect(slow.received.filter(({ type }) => type === 'session-event').length).toBeLessThan(300)
  slow.resume()

  await eventOf(slow, 'turn.ended')
  const seqs = slow.received.flatMap((message) => (message.type === 'session-event' ? [message.seq] : []))
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})

test('a stream in which the agent never pauses arrives whole, in far fewer events', async () => {
  const workplace = await startWorkplace()
  const { agent, socket } = await startSession(workplace)
  await agent.startTurn()
  const pieces = Array.from({ length: 5000 }, (_, index) => `${String(index)} `)
  for (const text of pieces) agent.emit({ v: 1, kind: 'block.delta', blockId: 'b', text })
  agent.endTurn()
  await eventOf(socket, 'turn.ended')

  const texts = socket.received.flatMap((message) =>
    message.type === 'session-event' && message.event.kind === 'block.delta' ? [message.event.text] : [],
  )
  expect(texts.join('')).toBe(pieces.join(''))
  expect(texts.length).toBeLessThan(500)
})

test('interrupting ends the turn, is written down, and does nothing without a turn', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.startTurn()

  socket.send({ type: 'session-interrupt', sessionId })

  expect(await eventOf(socket, 'turn.ended')).toMatchObject({ outcome: 'stopped' })
  const entries = await workplace.database
    .selectFrom('audit_log')
    .select(['actor', 'subject'])
    .where('action', '=', 'session.interrupted')
    .execute()
  expect(entries).toEqual([{ actor: 'ada', subject: sessionId }])
  socket.send({ type: 'session-interrupt', sessionId })
  await socket.roundTrip()
})

test('title, mode and model are changed on the row, in the log and at the agent', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace, 'A first line\nand more')
  expect((await sessionOf(workplace.device, sessionId)).title).toBe('A first line')

  const { body } = await workplace.device.request('PATCH', `/sessions/${sessionId}`, {
    body: { title: 'Better', mode: 'plan', model: 'large' },
  })

  expect(body).toMatchObject({ title: 'Better', mode: 'plan', model: 'large' })
  expect([agent.modes, agent.models]).toEqual([['plan'], ['large']])
  await eventOf(socket, 'session.updated', ({ mode }) => mode === 'plan')
  await eventOf(socket, 'session.updated', ({ model }) => model === 'large')
  await eventOf(socket, 'session.updated', ({ title }) => title === 'Better')
  await socket.take('sessions-updated', ({ session }) => session?.title === 'Better')
})

test('sessions are listed newest first, page by page', async () => {
  const workplace = await startWorkplace()
  const ids: string[] = []
  for (const prompt of ['one', 'two', 'three']) {
    const { agent, sessionId } = await startSession(workplace, prompt)
    await agent.answer('ok')
    await inState(workplace.device, sessionId, 'idle')
    ids.unshift(sessionId)
  }
  const Page = pageOf(Session)
  const page = async (cursor: string | null) =>
    Page.parse(
      (
        await workplace.device.request(
          'GET',
          `/projects/${workplace.project.id}/sessions?limit=2${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )
      ).body,
    )

  const first = await page(null)
  const second = await page(first.nextCursor)

  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
  expect(second.nextCursor).toBeNull()
})
