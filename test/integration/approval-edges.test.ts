import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/server/platform/database.ts'
import { AgentUnavailableError } from '../../src/server/providers/provider-errors.ts'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'
import { eventOf } from '../support/session-steps.ts'
import { restart } from '../support/workplace.ts'

test('a call that was changed is allowed once and not for the session', async () => {
  const { agent, socket } = await inTurn()
  const verdict = agent.ask(commandAsk('npm run everything'))
  const request = await nextRequest(socket)
  const edit = { updatedInput: { command: 'npm test' } }

  socket.send(answerTo(request, true, { ...edit, remember: 'session' }))
  expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST', requestId: request.requestId })
  socket.send(answerTo(request, true, edit))

  expect(await verdict).toMatchObject({ outcome: 'allowed', input: { command: 'npm test' }, edited: true })
  const again = agent.ask(commandAsk('npm run everything'))
  socket.send(answerTo(await nextRequest(socket), false))
  expect((await again).outcome).toBe('denied')
})

test('a decision is in the log although the agent does not take the mode that came with it', async () => {
  const { agent, socket, projectPath } = await inTurn()
  agent.setMode = async () => {
    throw new AgentUnavailableError('The agent is about to end.')
  }
  const verdict = agent.ask(writeAsk(join(projectPath, 'new.txt')))
  const request = await nextRequest(socket)

  socket.send(answerTo(request, true, { remember: 'mode:acceptEdits' }))

  expect((await verdict).outcome).toBe('allowed')
  expect(await eventOf(socket, 'approval.resolved')).toMatchObject({ approvalId: request.requestId, outcome: 'allowed' })
})

test('a decision that a dying server stored and did not log is logged by the next one', async () => {
  const before = await inTurn()
  const verdict = before.agent.ask(commandAsk('npm test'))
  const request = await nextRequest(before.socket)
  before.socket.send(answerTo(request, true))
  await verdict
  await before.close()
  // As it is left by a server that dies right after the decision: everything from its event on is missing.
  const database = await openDatabase(join(before.folder, 'data', 'ai-code-ui.db'), before.key)
  const { seq } = await database
    .selectFrom('session_events')
    .select('seq')
    .where('event', 'like', '%"approval.resolved"%')
    .executeTakeFirstOrThrow()
  await database.deleteFrom('session_events').where('seq', '>=', seq).execute()
  await database
    .updateTable('sessions')
    .set({ state: 'requires_action', last_seq: seq - 1, owner: 'dead' })
    .execute()
  await database.destroy()

  const { device } = await restart(before)
  const socket = await device.connect()
  socket.send({ type: 'session-subscribe', sessionId: before.sessionId })

  expect(await eventOf(socket, 'approval.resolved')).toMatchObject({ approvalId: request.requestId, outcome: 'allowed' })
})

test('an answer is for one request: the same call asked twice has the same hash, and is decided twice', async () => {
  const { agent, socket, device } = await inTurn()
  const verdicts = [agent.ask(commandAsk('npm test')), agent.ask(commandAsk('npm test'))] as const
  const [one, two] = [await nextRequest(socket), await nextRequest(socket)]
  expect(one.inputHash).toBe(two.inputHash)
  const answer = (requestId: string, inputHash: string) =>
    device.request('POST', `/approvals/${requestId}`, { body: { allow: true, inputHash } })

  expect(await answer(one.requestId, one.inputHash)).toMatchObject({ status: 200 })
  expect(await answer(one.requestId, two.inputHash)).toMatchObject({ status: 409, body: { code: 'ALREADY_RESOLVED' } })
  expect((await device.request('GET', '/approvals')).body).toMatchObject({ items: [{ requestId: two.requestId }] })
  expect(await answer(two.requestId, 'f'.repeat(64))).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  socket.send(answerTo(two, false))

  expect((await Promise.all(verdicts)).map(({ outcome }) => outcome).sort()).toEqual(['allowed', 'denied'])
})

test('the log and the audit entry of an edited call hold the hash of what ran', async () => {
  const { agent, socket, database } = await inTurn()
  const verdict = agent.ask(commandAsk('npm test'))
  const asked = await nextRequest(socket)
  socket.send(answerTo(asked, true, { updatedInput: { command: 'npm test -- --bail' } }))
  await verdict

  const { editedInputHash } = await eventOf(socket, 'approval.resolved')
  expect(editedInputHash).toMatch(/^[0-9a-f]{64}$/)
  expect(editedInputHash).not.toBe(asked.inputHash)
  const entry = await database.selectFrom('audit_log').select('details').where('action', '=', 'approval.allowed').executeTakeFirstOrThrow()
  expect(entry.details).toContain(`"editedInputHash":"${editedInputHash ?? ''}"`)
})
