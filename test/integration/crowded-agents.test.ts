import { expect, test } from 'vitest'
import { connectForPackets } from '../support/one-packet.ts'
import { eventOf, inState, promptMessage, startMessage } from '../support/session-steps.ts'
import { eventually } from '../support/within.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

/*
 * What happens to prompts and limits when agents come and go at the same time.
 */

test('starts at the same moment open no more agents than may run', async () => {
  const workplace = await startWorkplace({ environment: { MAX_AGENTS: '2' } })
  const socket = await workplace.device.connect()
  const { socket: starter, sendInOnePacket } = await connectForPackets(workplace.device)
  sendInOnePacket(Array.from({ length: 10 }, () => startMessage(workplace.project.id)))

  const refused = new Set<string>()
  while (refused.size < 8) {
    const { session } = await socket.take('sessions-updated', (message) => message.session?.state === 'exited')
    if (session) refused.add(session.id)
  }

  await Promise.all([workplace.provider.nextAgent(), workplace.provider.nextAgent()])
  expect(workplace.provider.opened).toHaveLength(2)
  starter.terminate()
})

test('a session for which there was no room does not stay in its start', async () => {
  const workplace = await startWorkplace({ environment: { MAX_AGENTS: '1' } })
  const working = await startSession(workplace)
  await working.agent.startTurn()
  const socket = await workplace.device.connect()
  socket.send(startMessage(workplace.project.id))
  const { sessionId } = await socket.take('session-started')

  await inState(workplace.device, sessionId, 'exited')
  working.agent.endTurn()
  await inState(workplace.device, working.sessionId, 'idle')
  socket.send(promptMessage(sessionId, 'now'))

  expect((await (await workplace.provider.nextAgent()).answer('here')).text).toBe('now')
})

test('a prompt that comes while its agent is being retired reaches the next agent', async () => {
  const workplace = await startWorkplace({ environment: { AGENT_IDLE_MS: '1000' } })
  const { agent, sessionId, socket } = await startSession(workplace)
  const closing = Promise.withResolvers<undefined>()
  const hasEnded = Promise.withResolvers<undefined>()
  agent.close = async () => {
    closing.resolve(undefined)
    await hasEnded.promise
    agent.exit({ code: 0, expected: true })
  }
  await agent.answer('hello')

  await closing.promise
  socket.send(promptMessage(sessionId, 'are you there?'))
  await eventOf(socket, 'user.message', ({ content }) => JSON.stringify(content).includes('are you there?'))
  hasEnded.resolve(undefined)

  expect((await (await workplace.provider.nextAgent()).answer('I am')).text).toBe('are you there?')
})

test('an agent that has a prompt but has not taken it up does not make room for another', async () => {
  const workplace = await startWorkplace({ environment: { MAX_AGENTS: '1' } })
  const { agent, sessionId, socket } = await startSession(workplace)
  await agent.answer('hello')
  await inState(workplace.device, sessionId, 'idle')
  socket.send(promptMessage(sessionId, 'more'))
  await eventOf(socket, 'user.message', ({ content }) => JSON.stringify(content).includes('more'))
  const other = await workplace.device.connect()
  other.send(startMessage(workplace.project.id))
  const { sessionId: otherId } = await other.take('session-started')
  other.send({ type: 'session-subscribe', sessionId: otherId })
  await eventOf(other, 'notice')

  expect((await agent.answer('there it is')).text).toBe('more')

  // And once it has, it does.
  await inState(workplace.device, sessionId, 'idle')
  other.send(promptMessage(otherId, 'again'))
  await (await workplace.provider.nextAgent()).answer('my turn')
  await eventually('the first agent to be gone', () => (agent.isGone ? true : null))
})
