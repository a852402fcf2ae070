import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { eventOf, inState, promptMessage, sessionOf, startMessage } from '../support/session-steps.ts'
import { eventually } from '../support/within.ts'
import { restart, startSession, startWorkplace } from '../support/workplace.ts'

/*
 * Agents come and go: failures, idle retirement, limits, the server's own end.
 */

test('an agent that cannot start is told in the session, and the next prompt tries again', async () => {
  const workplace = await startWorkplace()
  workplace.provider.failure = new Error('internal detail')
  const socket = await workplace.device.connect()
  socket.send(startMessage(workplace.project.id))
  const { sessionId } = await socket.take('session-started')
  socket.send({ type: 'session-subscribe', sessionId })

  const notice = await eventOf(socket, 'notice')
  await eventOf(socket, 'user.message', ({ delivery }) => delivery === 'cancelled')

  expect(notice).toMatchObject({ level: 'error', text: expect.not.stringContaining('internal detail') })
  await inState(workplace.device, sessionId, 'exited')
  socket.send(promptMessage(sessionId, 'again'))
  expect(await (await workplace.provider.nextAgent()).answer('there')).toMatchObject({ text: 'again' })
})

test('an unknown agent, an unknown project and a project that vanished are refused in words', async () => {
  const { device, project, projectPath } = await startWorkplace()
  const socket = await device.connect()
  const refusal = async (message: object) => {
    socket.send(message)
    return socket.take('error')
  }

  expect(await refusal({ ...startMessage(project.id), provider: 'nobody', clientId: 'c1' })).toMatchObject({
    code: 'NOT_FOUND',
    clientId: 'c1',
    error: expect.stringContaining('nobody'),
  })
  expect(await refusal(startMessage('prj_unknown'))).toMatchObject({ code: 'NOT_FOUND' })
  await rm(projectPath, { recursive: true })
  expect(await refusal(startMessage(project.id))).toMatchObject({
    code: 'PROJECT_UNAVAILABLE',
    error: expect.stringContaining(projectPath),
  })
  expect((await device.request('GET', `/projects/${project.id}`)).body).toMatchObject({ available: false })
})

test('a project that vanishes between two prompts is told in the session, which goes on once it is back', async () => {
  const workplace = await startWorkplace()
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.answer('hello')
  agent.exit({ code: 0, expected: true })
  await inState(workplace.device, sessionId, 'exited')
  await rm(workplace.projectPath, { recursive: true })

  socket.send(promptMessage(sessionId, 'more'))

  expect(await eventOf(socket, 'notice')).toMatchObject({ level: 'error', text: expect.stringContaining(workplace.projectPath) })
})

test.for([{ saysSo: false }, { saysSo: true }])(
  'an agent that dies in a turn leaves it interrupted (told by itself: $saysSo), and a prompt resumes it',
  async ({ saysSo }) => {
    const workplace = await startWorkplace()
    const { agent, socket, sessionId } = await startSession(workplace)
    await agent.startTurn()
    if (saysSo) agent.emit({ v: 1, kind: 'session.state', state: 'interrupted' })
    agent.exit({ code: 137, expected: false })

    await inState(workplace.device, sessionId, 'interrupted')
    const row = await eventually('the session to have no owner', async () => {
      const found = await workplace.database
        .selectFrom('sessions')
        .select(['owner', 'native_id', 'state'])
        .where('id', '=', sessionId)
        .executeTakeFirst()
      return found?.owner === null ? found : null
    })
    expect(row.state).toBe('interrupted')
    socket.send(promptMessage(sessionId, 'go on'))
    const next = await workplace.provider.nextAgent()
    await next.answer('here I am')

    expect(next.options.resume).toBe(row.native_id)
    await inState(workplace.device, sessionId, 'idle')
  },
)

test('an idle agent is retired and comes back with the next prompt', async () => {
  const workplace = await startWorkplace({ environment: { AGENT_IDLE_MS: '1000' } })
  const { agent, socket, sessionId } = await startSession(workplace)
  await agent.answer('hello')

  await inState(workplace.device, sessionId, 'exited')
  expect(agent.isGone).toBe(true)

  socket.send(promptMessage(sessionId, 'again'))
  await (await workplace.provider.nextAgent()).answer('hello again')
})

test('an agent that works, also in the background, is not retired', async () => {
  const workplace = await startWorkplace({ environment: { AGENT_IDLE_MS: '1000', MAX_AGENTS: '2' } })
  const working = await startSession(workplace)
  await working.agent.startTurn()
  const background = await startSession(workplace)
  background.agent.emit({ v: 1, kind: 'task.started', taskId: 't', taskKind: 'shell', background: true, status: 'running' })
  await background.agent.answer('it runs')
  // A third would have to take the place of one of them, and is refused instead.
  const socket = await workplace.device.connect()
  socket.send(startMessage(workplace.project.id))
  const { sessionId } = await socket.take('session-started')
  socket.send({ type: 'session-subscribe', sessionId })

  expect(await eventOf(socket, 'notice')).toMatchObject({ text: expect.stringContaining('All 2 agents') })
  expect([working.agent.isGone, background.agent.isGone]).toEqual([false, false])
})

test('at the limit the agent that is idle longest makes room', async () => {
  const workplace = await startWorkplace({ environment: { MAX_AGENTS: '2' } })
  const oldest = await startSession(workplace)
  await oldest.agent.answer('1')
  await inState(workplace.device, oldest.sessionId, 'idle')
  const newer = await startSession(workplace)
  await newer.agent.answer('2')
  await inState(workplace.device, newer.sessionId, 'idle')

  const third = await startSession(workplace)
  await third.agent.answer('3')

  expect([oldest.agent.isGone, newer.agent.isGone]).toEqual([true, false])
  await inState(workplace.device, oldest.sessionId, 'exited')
})

test('a server that stops in a turn marks it interrupted, and the session goes on after the restart', async () => {
  const workplace = await startWorkplace()
  const { agent, sessionId } = await startSession(workplace)
  await agent.startTurn()
  agent.say('half of it')
  const nativeId = await eventually('the id that the agent gave the conversation', async () => {
    const row = await workplace.database.selectFrom('sessions').select('native_id').where('id', '=', sessionId).executeTakeFirst()
    return row?.native_id
  })

  const { device, provider } = await restart(workplace)

  expect(agent.isGone).toBe(true)
  expect((await sessionOf(device, sessionId)).state).toBe('interrupted')
  const socket = await device.connect()
  socket.send({ type: 'session-subscribe', sessionId })
  await eventOf(socket, 'block.completed', ({ text }) => text === 'half of it')
  socket.send(promptMessage(sessionId, 'go on'))
  const next = await provider.nextAgent()
  await next.answer('the other half')
  expect(next.options.resume).toBe(nativeId)
})

test('while the server stops, a prompt is refused and not lost in silence', async () => {
  const workplace = await startWorkplace()
  const { agent, sessionId, socket } = await startSession(workplace)
  await agent.answer('hello')

  const closing = workplace.close()
  socket.send(promptMessage(sessionId, 'too late'))

  await closing
  expect(await socket.closed).toMatchObject({ code: 1001 })
  const { device } = await restart(workplace)
  const { items } = z
    .object({ items: z.array(z.object({ event: z.looseObject({ kind: z.string() }) })) })
    .parse((await device.request('GET', `/sessions/${sessionId}/events`)).body)
  const prompts = items.filter(({ event }) => event.kind === 'user.message' && JSON.stringify(event).includes('too late'))
  // Either it never arrived, or the log says that it was not delivered.
  expect(prompts.length === 0 || prompts.some(({ event }) => event.delivery === 'cancelled')).toBe(true)
})
