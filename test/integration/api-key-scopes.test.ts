import { expect, test } from 'vitest'
import { ApiKey } from '#protocol/api-keys'
import { pageOf } from '#protocol/lists'
import type { Device } from '../support/api-client.ts'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { makeKey } from '../support/key-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { eventOf, sessionOf, startMessage } from '../support/session-steps.ts'
import { TestClock } from '../support/test-clock.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

/*
 * What an API key may do: no more than its scopes and its user, on HTTP and on sockets.
 */

const keysOf = async (device: Device) => pageOf(ApiKey).parse((await device.request('GET', '/keys')).body).items

test('a key opens sockets by a ticket and does what its scopes say', async () => {
  const { device, project, provider } = await startWorkplace()
  const socket = await (await makeKey(device, ['read', 'chat'])).connect()

  socket.send(startMessage(project.id))
  const { sessionId } = await socket.take('session-started')

  expect((await (await provider.nextAgent()).nextPrompt()).text).toBe('Hello')
  expect(await sessionOf(device, sessionId)).toMatchObject({ title: 'Hello' })
})

test.for([
  ['read', 'POST', '/projects'],
  ['read', 'DELETE', '/projects/some'],
  ['read', 'PATCH', '/sessions/some'],
  ['read', 'POST', '/approvals/some'],
  ['chat', 'GET', '/projects'],
  ['chat', 'PATCH', '/projects/some'],
  ['files', 'POST', '/approvals/some'],
  ['approve', 'GET', '/sessions'],
  ['terminal', 'GET', '/folders'],
  ['approve', 'GET', '/audit'],
] as const)('a key with "%s" alone is refused at %s %s, and told which scope it lacks', async ([scope, method, path]) => {
  const { device } = await startWorkplace()
  await device.request('GET', '/projects')
  const key = await makeKey(device, [scope])

  const answer = await key.request(method, path, { body: method === 'GET' ? undefined : {} })

  expect(answer).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', error: expect.stringMatching(/^This API key does not have the scope "\w+"\./) },
  })
})

test('a key with "read" cannot prompt, interrupt or decide over a socket', async () => {
  const workplace = await inTurn()
  const { device, agent, sessionId, project } = workplace
  const key = await (await makeKey(device, ['read'])).connect()
  const decided = agent.ask(commandAsk('npm test'))
  const request = await nextRequest(key)

  for (const message of [
    startMessage(project.id),
    { type: 'session-prompt', clientId: 'c1', sessionId, prompt: 'x' },
    { type: 'session-interrupt', sessionId },
    answerTo(request, true),
  ]) {
    key.send(message)
    expect(await key.take('error')).toMatchObject({ code: 'FORBIDDEN', error: expect.stringContaining('does not have the scope') })
  }
  const overHttp = await device.request('GET', '/approvals')
  expect(overHttp.body).toMatchObject({ items: [{ requestId: request.requestId }] })
  workplace.socket.send(answerTo(request, false))
  expect(await decided).toMatchObject({ outcome: 'denied' })
})

test('a key cannot manage keys, devices or the account, whatever its scopes', async () => {
  const { device } = await startWorkplace()
  const key = await makeKey(device, ['read', 'chat', 'approve', 'files', 'terminal'])

  for (const [method, path, body] of [
    ['GET', '/keys'],
    ['POST', '/keys', { name: 'another', scopes: ['read'] }],
    ['DELETE', `/keys/${key.created.id}`],
    ['POST', '/auth/logout-all'],
    ['POST', '/auth/step-up', { password: 'x' }],
  ] as const) {
    const answer = await key.request(method, path, { body })
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', error: expect.stringContaining('An API key cannot manage') } })
  }
  expect(await keysOf(device)).toHaveLength(1)
})

test('a key can do no more than whoever makes it, neither then nor later', async () => {
  const clock = new TestClock()
  const { database, device } = await startWorkplace({ clock })

  const refused = await device.request('POST', '/keys', { body: { name: 'all', scopes: ['read', 'admin'] } })
  expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', error: expect.stringContaining('leave out "admin"') } })
  const key = await makeKey(device, ['read', 'files'])
  expect((await key.request('GET', '/folders')).status).toBe(200)
  await database.updateTable('users').set({ role: 'viewer' }).where('id', '=', device.user.id).execute()

  clock.advance(1000)

  expect(await key.request('GET', '/folders')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  expect((await key.request('GET', '/projects')).status).toBe(200)
})

test('a decision made with a key says so', async () => {
  const { device, agent, socket } = await inTurn()
  const key = await makeKey(device, ['read', 'approve'])
  const decided = agent.ask(commandAsk('npm test'))
  const { requestId, inputHash } = await nextRequest(socket)

  const answer = await key.request('POST', `/approvals/${requestId}`, { body: { allow: true, inputHash } })

  expect(answer).toMatchObject({ status: 200, body: { outcome: 'allowed' } })
  expect(await decided).toMatchObject({ outcome: 'allowed' })
  expect(await eventOf(socket, 'approval.resolved')).toMatchObject({ by: { name: 'ada', device: 'API key build server' } })
})

test('a key that may not approve starts no session in a mode that approves by itself, and switches none to it', async () => {
  const workplace = await startWorkplace()
  const { device, project } = workplace
  const { sessionId } = await startSession(workplace)
  const key = await makeKey(device, ['read', 'chat'])
  const socket = await key.connect()

  socket.send({ ...startMessage(project.id), options: { mode: 'acceptEdits' } })
  expect(await socket.take('error')).toMatchObject({ code: 'FORBIDDEN', error: expect.stringContaining('scope "approve"') })
  expect(await key.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'acceptEdits', title: 'Mine' } })).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN' },
  })

  expect(await sessionOf(device, sessionId)).toMatchObject({ mode: 'default', title: 'Hello' })
  expect((await key.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'plan' } })).status).toBe(200)
  const approving = await makeKey(device, ['read', 'chat', 'approve'])
  expect((await approving.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'acceptEdits' } })).status).toBe(200)
})
