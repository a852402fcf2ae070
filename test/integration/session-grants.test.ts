import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'
import { eventOf, sessionOf } from '../support/session-steps.ts'
import { startSession } from '../support/workplace.ts'

/*
 * What a person grants for the rest of a session, and what accepting edits covers.
 */

const BY_RULE = 'A session rule of ada allows it: Bash: npm test (rul_'

test('a command allowed for the session is not asked again, and every other one is', async () => {
  const { agent, socket, database } = await inTurn()
  const first = agent.ask(commandAsk('npm test'))
  socket.send(answerTo(await nextRequest(socket), true, { remember: 'session' }))
  expect((await first).outcome).toBe('allowed')

  expect(await agent.ask(commandAsk('npm test'))).toMatchObject({ outcome: 'allowed', edited: false })
  const other = agent.ask(commandAsk('npm test && rm x'))
  const asked = await nextRequest(socket)

  expect(asked.toolInput).toEqual({ command: 'npm test && rm x' })
  socket.send(answerTo(asked, false))
  expect((await other).outcome).toBe('denied')
  await eventOf(socket, 'approval.resolved', ({ by }) => by.kind === 'rule' && by.name.startsWith(BY_RULE))
  const byRule = await database.selectFrom('audit_log').select('actor').where('actor', 'like', 'rule:%').execute()
  expect(byRule).toEqual([{ actor: expect.stringContaining(BY_RULE) }])
})

test('a grant holds for its session alone', async () => {
  const workplace = await inTurn()
  const first = workplace.agent.ask(commandAsk('npm test'))
  workplace.socket.send(answerTo(await nextRequest(workplace.socket), true, { remember: true }))
  await first
  const other = await startSession(workplace)

  const verdict = other.agent.ask(commandAsk('npm test'))

  other.socket.send(answerTo(await nextRequest(other.socket), false))
  expect((await verdict).outcome).toBe('denied')
})

test('a denial grants nothing, and a grant that was not offered is refused', async () => {
  const { agent, socket } = await inTurn()
  const first = agent.ask(commandAsk('npm test'))
  socket.send(answerTo(await nextRequest(socket), false, { remember: true }))
  await first
  const second = agent.ask(commandAsk('npm test'))
  const asked = await nextRequest(socket)

  socket.send(answerTo(asked, true, { remember: 'Bash: *' }))

  expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST', requestId: asked.requestId })
  socket.send(answerTo(asked, true))
  expect((await second).outcome).toBe('allowed')
})

test('a dangerous command is asked each time', async () => {
  const { agent, socket } = await inTurn()
  const verdict = agent.ask(commandAsk('rm -rf build'))
  const asked = await nextRequest(socket)

  expect(asked).toMatchObject({ risk: { level: 'high' }, suggestions: [] })
  socket.send(answerTo(asked, true, { remember: true }))
  expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST' })
  socket.send(answerTo(asked, true))
  await verdict
  const again = agent.ask(commandAsk('rm -rf build'))
  socket.send(answerTo(await nextRequest(socket), false))
  expect((await again).outcome).toBe('denied')
})

test('accepting edits changes the mode for the agent, the session and what comes', async () => {
  const { agent, socket, device, sessionId, projectPath } = await inTurn()
  const first = agent.ask(writeAsk(join(projectPath, 'a.txt')))
  socket.send(answerTo(await nextRequest(socket), true, { remember: 'mode:acceptEdits' }))
  await first

  expect(agent.modes).toEqual(['acceptEdits'])
  expect((await sessionOf(device, sessionId)).mode).toBe('acceptEdits')
  expect(await agent.ask(writeAsk(join(projectPath, 'new', 'b.txt')))).toMatchObject({ outcome: 'allowed' })
})

test('while edits are accepted, what leaves the project is asked', async () => {
  const { agent, socket, device, sessionId, projectPath, folder } = await inTurn()
  await device.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'acceptEdits' } })
  await eventOf(socket, 'session.updated', ({ mode }) => mode === 'acceptEdits')
  await mkdir(join(folder, 'outside'))
  await symlink(join(folder, 'outside'), join(projectPath, 'link'))
  await symlink(join(folder, 'not-there'), join(projectPath, 'dangling'))
  const outside = [join(folder, 'outside', 'a'), `${projectPath}/../a`, join(projectPath, 'link', 'a'), join(projectPath, 'dangling')]

  expect(await agent.ask(writeAsk(join(projectPath, 'inside.txt')))).toMatchObject({ outcome: 'allowed' })
  for (const path of [...outside, join(projectPath, 'package.json')]) {
    const verdict = agent.ask(writeAsk(path))
    const asked = await nextRequest(socket)
    expect(asked.toolInput).toMatchObject({ file_path: path })
    socket.send(answerTo(asked, false))
    expect((await verdict).outcome).toBe('denied')
  }
})

test('an approved plan says in which mode to go on', async () => {
  const { agent, socket, device, sessionId } = await inTurn()
  await device.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'plan' } })
  const verdict = agent.ask({ approvalKind: 'plan', toolName: 'ExitPlanMode', toolInput: { plan: '# Plan' }, title: 'Plan', writes: [] })
  const asked = await nextRequest(socket)

  socket.send(answerTo(asked, true, { remember: 'mode:acceptEdits', updatedInput: { plan: '# Better plan' } }))

  expect(await verdict).toEqual({ outcome: 'allowed', input: { plan: '# Better plan' }, edited: true, nextMode: 'acceptEdits' })
  expect((await sessionOf(device, sessionId)).mode).toBe('acceptEdits')
})
