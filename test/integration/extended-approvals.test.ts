import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'

test('a request that is extended waits longer, on every device', async () => {
  const { agent, socket, device } = await inTurn()
  const other = await device.connect()
  const verdict = agent.ask(commandAsk('npm test'))
  const shown = await nextRequest(socket)
  await nextRequest(other)

  const answer = await device.request('POST', `/approvals/${shown.requestId}/extend`, { body: { seconds: 600 } })

  const expiresAt = new Date(Date.parse(shown.expiresAt ?? '') + 600_000).toISOString()
  expect(answer).toMatchObject({ status: 200, body: { requestId: shown.requestId, expiresAt } })
  for (const each of [socket, other]) expect(await nextRequest(each)).toEqual({ ...shown, expiresAt })
  socket.send({ type: 'permission-extend', requestId: shown.requestId, seconds: 60 })
  const again = await nextRequest(socket)
  expect(Date.parse(again.expiresAt ?? '') - Date.parse(expiresAt)).toBe(60_000)
  socket.send(answerTo(again, true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
  const late = await device.request('POST', `/approvals/${shown.requestId}/extend`, { body: { seconds: 60 } })
  expect(late).toMatchObject({ status: 409, body: { code: 'ALREADY_RESOLVED' } })
})

test('the time-out of before does not end what was extended', async () => {
  const { agent, socket, device } = await inTurn({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '1000' } })
  const verdict = agent.ask(commandAsk('npm test'))
  const shown = await nextRequest(socket)
  await device.request('POST', `/approvals/${shown.requestId}/extend`, { body: { seconds: 60 } })

  // Asked later, and not extended: when this one has timed out, the first one's time is over, too.
  expect(await agent.ask(commandAsk('make'))).toMatchObject({ outcome: 'timed-out' })

  socket.send(answerTo(shown, true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})

test('a request waits for a day at most, and one without an end is not extended', async () => {
  const { agent, socket, device } = await inTurn({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: String(24 * 60 * 60_000 - 90_000) } })
  void agent.ask(commandAsk('npm test'))
  const { requestId } = await nextRequest(socket)
  const extend = (seconds: number) => device.request('POST', `/approvals/${requestId}/extend`, { body: { seconds } })

  expect((await extend(30)).status).toBe(400)
  expect((await extend(60)).status).toBe(200)
  expect(await extend(60)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
})
