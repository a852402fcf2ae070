import { expect, test } from 'vitest'
import type { Role } from '#protocol/auth'
import { Session } from '#protocol/sessions'
import { nextRequest, answerTo } from '../support/approval-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { eventOf, promptMessage } from '../support/session-steps.ts'
import { signInSomebodyElse, startSession, startWorkplace } from '../support/workplace.ts'

/*
 * What somebody else than the one who started a session sees of it and may do with it.
 */

const READERS: Role[] = ['owner', 'viewer']

test.for(READERS)('an %s reads the sessions of others, also as they go on', async (role) => {
  const workplace = await startWorkplace()
  const { sessionId, agent } = await startSession(workplace)
  const reader = await signInSomebodyElse(workplace, role)
  const socket = await reader.connect()

  expect(await reader.request('GET', '/sessions')).toMatchObject({
    status: 200,
    body: { items: [{ id: sessionId, startedBy: { id: workplace.device.user.id, username: 'ada' } }] },
  })
  expect(await reader.request('GET', `/projects/${workplace.project.id}/sessions`)).toMatchObject({ body: { items: [{ id: sessionId }] } })
  expect(Session.parse((await reader.request('GET', `/sessions/${sessionId}`)).body).id).toBe(sessionId)
  socket.send({ type: 'session-subscribe', sessionId })
  await socket.take('session-subscribed')
  await agent.answer('Good day')

  expect(await eventOf(socket, 'block.completed')).toMatchObject({ text: 'Good day' })
  await socket.take('sessions-updated', ({ session }) => session?.id === sessionId && session.state === 'idle')
  expect(await reader.request('GET', `/sessions/${sessionId}/events`)).toMatchObject({ status: 200 })
})

test('a change of a session is told once, also to an owner whose own it is', async () => {
  const workplace = await startWorkplace()
  const owner = await signInSomebodyElse(workplace, 'owner')
  const { sessionId, socket, agent } = await startSession({ ...workplace, device: owner })
  await agent.answer('Done')
  await socket.take('sessions-updated', ({ session }) => session?.state === 'idle')
  const before = socket.received.filter(({ type }) => type === 'sessions-updated').length

  await owner.request('PATCH', `/sessions/${sessionId}`, { body: { title: 'Named' } })
  await socket.take('sessions-updated', ({ session }) => session?.title === 'Named')
  await socket.roundTrip()

  expect(socket.received.filter(({ type }) => type === 'sessions-updated').length - before).toBe(1)
})

test('an owner acts in the sessions of others in no way, and is told why', async () => {
  const workplace = await startWorkplace()
  const { sessionId, agent, socket: ada } = await startSession(workplace)
  await agent.startTurn()
  const verdict = agent.ask(commandAsk('rm -rf build'))
  const request = await nextRequest(ada)
  const owner = await signInSomebodyElse(workplace, 'owner')
  const socket = await owner.connect()
  const refused = { code: 'FORBIDDEN', error: expect.stringContaining('belongs to somebody else') }

  for (const message of [promptMessage(sessionId, 'Stop that'), { type: 'session-interrupt', sessionId }, answerTo(request, true)]) {
    socket.send(message)
    expect(await socket.take('error')).toMatchObject(refused)
  }
  expect(await owner.request('PATCH', `/sessions/${sessionId}`, { body: { title: 'Mine' } })).toMatchObject({ status: 403, body: refused })
  expect(
    await owner.request('POST', `/approvals/${request.requestId}`, { body: { allow: true, inputHash: request.inputHash } }),
  ).toMatchObject({
    status: 403,
    body: refused,
  })
  expect(await owner.request('GET', '/approvals')).toMatchObject({ body: { items: [] } })
  expect(socket.received.filter(({ type }) => type === 'claude-permission-request')).toEqual([])

  ada.send(answerTo(request, false))
  expect(await verdict).toMatchObject({ outcome: 'denied' })
})

test('to a member the sessions of others do not exist', async () => {
  const workplace = await startWorkplace()
  const { sessionId, agent, socket: ada } = await startSession(workplace)
  await agent.startTurn()
  void agent.ask(commandAsk('make'))
  const request = await nextRequest(ada)
  const member = await signInSomebodyElse(workplace)
  const socket = await member.connect()

  for (const message of [
    { type: 'session-subscribe', sessionId },
    { type: 'session-interrupt', sessionId },
    promptMessage(sessionId, 'Hello'),
    answerTo(request, true),
  ]) {
    socket.send(message)
    expect(await socket.take('error')).toMatchObject({ code: 'NOT_FOUND' })
  }
  expect((await member.request('GET', `/sessions/${sessionId}`)).status).toBe(404)
  expect((await member.request('GET', `/sessions/${sessionId}/events`)).status).toBe(404)
  expect(await member.request('GET', '/sessions')).toMatchObject({ body: { items: [] } })
  agent.say('Secret words')
  await eventOf(ada, 'block.completed')
  await socket.roundTrip()
  expect(socket.received.map(({ type }) => type).filter((type) => type !== 'error')).toEqual(['pong'])
})
