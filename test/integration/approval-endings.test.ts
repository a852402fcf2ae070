import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { eventOf, promptMessage } from '../support/session-steps.ts'
import { fillDisk } from '../support/test-database.ts'
import { restart } from '../support/workplace.ts'

/*
 * How a request ends when nobody decides: by the clock, an interrupt, a full disk or the end of the server.
 */

test('nobody answers in time: it is denied, and a late answer is told so', async () => {
  const { agent, socket } = await inTurn({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '150' } })
  const verdict = agent.ask(commandAsk('npm test'))
  const asked = await nextRequest(socket)

  expect(await verdict).toEqual({ outcome: 'timed-out', message: expect.any(String) })

  expect(Date.parse(asked.expiresAt ?? '') - Date.parse(asked.createdAt)).toBe(150)
  expect(await socket.take('permission-resolved')).toMatchObject({ outcome: 'timed-out', by: { kind: 'system' } })
  socket.send(answerTo(asked, true))
  expect(await socket.take('error')).toMatchObject({ code: 'ALREADY_RESOLVED', details: { outcome: 'timed-out' } })
})

test('with a time-out of 0 a request waits for as long as the session lives', async () => {
  const { agent, socket } = await inTurn({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '0' } })
  const verdict = agent.ask(commandAsk('npm test'))

  expect(await nextRequest(socket)).toMatchObject({ expiresAt: null })
  agent.exit({ code: 0, expected: true })

  expect(await verdict).toMatchObject({ outcome: 'cancelled' })
})

test('an interrupt cancels what waits, and only that', async () => {
  const { agent, socket } = await inTurn()
  const interrupted = new AbortController()
  const verdicts = [agent.ask(commandAsk('one'), interrupted.signal), agent.ask(commandAsk('two'))]
  const asked = [await nextRequest(socket), await nextRequest(socket)]

  interrupted.abort()

  expect(await verdicts[0]).toMatchObject({ outcome: 'cancelled' })
  const two = asked.find(({ toolInput }) => JSON.stringify(toolInput).includes('two'))
  socket.send({ type: 'claude-permission-response', requestId: two?.requestId, allow: true })
  expect(await verdicts[1]).toMatchObject({ outcome: 'allowed' })
})

test('a call that was given up before it was asked is cancelled', async () => {
  const { agent } = await inTurn()

  expect(await agent.ask(commandAsk('npm test'), AbortSignal.abort())).toMatchObject({ outcome: 'cancelled' })
})

test('a request outlives its turn', async () => {
  const { agent, socket } = await inTurn()
  const verdict = agent.ask({ ...commandAsk('npm test'), agentId: 'agent-1' })
  agent.endTurn()
  await eventOf(socket, 'turn.ended')

  socket.send(answerTo(await nextRequest(socket), true))

  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})

test('what cannot be stored is denied', async () => {
  const { agent, database, socket } = await inTurn()
  const makeSpace = await fillDisk(database)

  const verdict = await agent.ask(commandAsk(`echo ${'x'.repeat(400_000)}`))

  expect(verdict).toMatchObject({ outcome: 'denied', message: expect.stringContaining('could not be recorded') })
  await makeSpace()
  const after = agent.ask(commandAsk('npm test'))
  socket.send(answerTo(await nextRequest(socket), true))
  expect(await after).toMatchObject({ outcome: 'allowed' })
})

test('after a restart what waited is cancelled, and told so to whoever answers', async () => {
  const workplace = await inTurn()
  const verdict = workplace.agent.ask(commandAsk('npm test'))
  const asked = await nextRequest(workplace.socket)

  const { device, provider } = await restart(workplace)

  expect(await verdict).toMatchObject({ outcome: 'cancelled' })
  const answer = await device.request('POST', `/approvals/${asked.requestId}`, { body: { allow: true, inputHash: asked.inputHash } })
  expect(answer).toMatchObject({ status: 409, body: { code: 'ALREADY_RESOLVED', details: { outcome: 'cancelled' } } })
  const socket = await device.connect()
  socket.send(promptMessage(workplace.sessionId, 'go on'))
  await (await provider.nextAgent()).answer('fine')
})
