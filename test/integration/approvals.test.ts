import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3-multiple-ciphers'
import { expect, test } from 'vitest'
import { ApprovalRequest } from '#protocol/approvals'
import { pageOf } from '#protocol/lists'
import { signIn } from '../support/api-client.ts'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'
import { eventOf } from '../support/session-steps.ts'
import { signInSomebodyElse } from '../support/workplace.ts'

/*
 * The gate: one decision for each request, whoever races, stored before the agent learns of it.
 */

test('a request says what would happen, how risky it is and until when it waits', async () => {
  const { agent, socket, sessionId, project, projectPath } = await inTurn()

  void agent.ask({ ...commandAsk('npm test', 'toolu_7'), description: 'Run the tests' })

  expect(await nextRequest(socket)).toEqual({
    type: 'claude-permission-request',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    sessionId,
    provider: 'claude',
    projectId: project.id,
    approvalKind: 'command',
    toolName: 'Bash',
    toolInput: { command: 'npm test' },
    inputHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    toolCallId: 'toolu_7',
    cwd: projectPath,
    description: 'Run the tests',
    createdAt: expect.any(String),
    expiresAt: expect.any(String),
    risk: { level: 'medium', reasons: [] },
    preview: { kind: 'command', command: 'npm test' },
    bound: {
      cwd: { path: projectPath, identity: expect.stringContaining(projectPath) },
      programs: [],
      environment: [],
      files: [],
    },
    suggestions: [expect.objectContaining({ id: 'exact', rule: 'Bash: npm test' })],
    canEditInput: true,
  })
  await eventOf(socket, 'approval.requested', ({ toolName }) => toolName === 'Bash')
})

test('a request for an edit shows the file before and after', async () => {
  const { agent, socket, projectPath } = await inTurn()
  const path = join(projectPath, 'README.md')

  void agent.ask({ ...writeAsk(path), toolName: 'Edit', toolInput: { file_path: path, old_string: 'Shop', new_string: 'Store' } })

  expect(await nextRequest(socket)).toMatchObject({
    preview: { kind: 'edit', path, oldText: '# Shop\n', newText: '# Store\n', truncated: false },
  })
})

test('a request and its end reach every device of the user and nobody else', async () => {
  const workplace = await inTurn()
  const { agent, socket, device, url } = workplace
  const phone = await (await signIn(url, 'ada', 'Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1')).connect()
  const eve = await (await signInSomebodyElse(workplace)).connect()
  const verdict = agent.ask(commandAsk('npm test'))
  const onLaptop = await nextRequest(socket)
  const onPhone = await nextRequest(phone)

  phone.send(answerTo(onPhone, true))

  expect(onPhone).toEqual(onLaptop)
  expect(await verdict).toEqual({ outcome: 'allowed', input: { command: 'npm test' }, edited: false })
  const by = { kind: 'user', name: 'ada', userId: device.user.id, device: 'Safari on iPhone' }
  for (const each of [socket, phone]) {
    expect(await each.take('permission-resolved')).toMatchObject({ requestId: onLaptop.requestId, outcome: 'allowed', by })
  }
  expect(await eventOf(socket, 'approval.resolved')).toMatchObject({ approvalId: onLaptop.requestId, outcome: 'allowed', by })
  await eve.roundTrip()
  expect(eve.received.map(({ type }) => type)).toEqual(['pong'])
})

test('a denial reaches the agent with its reason', async () => {
  const { agent, socket } = await inTurn()
  const verdict = agent.ask(commandAsk('npm test'))

  socket.send(answerTo(await nextRequest(socket), false, { reason: 'Not on a Friday' }))

  expect(await verdict).toEqual({ outcome: 'denied', message: expect.stringContaining('Not on a Friday') })
})

test('what a person edited is what runs, and is in the log', async () => {
  const { agent, socket } = await inTurn()
  const verdict = agent.ask(commandAsk('npm test'))

  socket.send(answerTo(await nextRequest(socket), true, { updatedInput: { command: 'npm test -- --bail' } }))

  expect(await verdict).toEqual({ outcome: 'allowed', input: { command: 'npm test -- --bail' }, edited: true })
  expect(await eventOf(socket, 'approval.resolved')).toMatchObject({ updatedInput: { command: 'npm test -- --bail' } })
})

test('of a question only the answers may be edited', async () => {
  const { agent, socket } = await inTurn()
  const toolInput = { questions: [{ question: 'Which?', options: [{ label: 'A' }] }] }
  const verdict = agent.ask({ approvalKind: 'question', toolName: 'AskUserQuestion', toolInput, title: 'Which?', writes: [] })
  const asked = await nextRequest(socket)

  socket.send(answerTo(asked, true, { updatedInput: { questions: [], answers: {} } }))
  expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST', requestId: asked.requestId })
  socket.send(answerTo(asked, true, { updatedInput: { ...toolInput, answers: { 'Which?': 'A' } } }))

  expect(await verdict).toMatchObject({ outcome: 'allowed', input: { ...toolInput, answers: { 'Which?': 'A' } } })
})

test('over HTTP a decision names what was seen, and another input is refused', async () => {
  const { agent, socket, device } = await inTurn()
  const verdict = agent.ask(commandAsk('npm test'))
  const { requestId, inputHash } = await nextRequest(socket)
  const decide = (body: object) => device.request('POST', `/approvals/${requestId}`, { body })

  expect(await decide({ allow: true })).toMatchObject({ status: 400 })
  expect(await decide({ allow: true, inputHash: 'f'.repeat(64) })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  socket.send(answerTo({ requestId, inputHash: 'f'.repeat(64) }, true))
  expect(await socket.take('error')).toMatchObject({ code: 'CONFLICT', requestId })
  expect(await decide({ allow: true, inputHash })).toEqual(expect.objectContaining({ status: 200, body: { outcome: 'allowed' } }))

  expect((await verdict).outcome).toBe('allowed')
})

test('of 100 answers at once from everywhere exactly one counts, and the others learn whose', async () => {
  const { agent, device, url, socket, database } = await inTurn()
  const sockets = [socket, await device.connect(), await (await signIn(url)).connect()]
  const verdict = agent.ask(commandAsk('npm test'))
  const asked = await nextRequest(socket)
  const { requestId, inputHash } = asked

  const overHttp = Array.from({ length: 40 }, (_, index) =>
    device.request('POST', `/approvals/${requestId}`, { body: { allow: index % 2 === 0, inputHash } }),
  )
  for (let count = 0; count < 20; count += 1) for (const each of sockets) each.send(answerTo(asked, count % 2 === 0))

  const answers = await Promise.all(overHttp)
  const losers = (
    await Promise.all(sockets.map((each) => each.roundTrip().then(() => each.received.filter(({ type }) => type === 'error'))))
  ).flat()
  const won = answers.filter(({ status }) => status === 200).length
  const { outcome } = await verdict
  const resolved = await socket.take('permission-resolved')
  expect(won + (60 - losers.length)).toBe(1)
  expect(resolved.outcome).toBe(outcome)
  for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_RESOLVED', details: { outcome, by: resolved.by, at: resolved.at } },
    })
  }
  for (const error of losers) expect(error).toMatchObject({ code: 'ALREADY_RESOLVED', requestId, details: { outcome, at: resolved.at } })
  const entries = await database.selectFrom('audit_log').select('action').where('subject', '=', requestId).orderBy('at').execute()
  expect(entries.map(({ action }) => action)).toEqual(['approval.requested', `approval.${outcome}`])
})

test('decision and audit entry are on disk before the agent learns of them', async () => {
  const { agent, socket, folder, key } = await inTurn()
  const second = new SqliteDatabase(join(folder, 'data', 'ai-code-ui.db'), { readonly: true })
  second.pragma(`cipher='sqlcipher'`)
  second.pragma('legacy=4')
  second.pragma(`key="x'${key.toString('hex')}'"`)
  // Another connection sees what is committed and nothing else; read in the very step in which the agent goes on.
  const seen = agent.ask(commandAsk('npm test')).then(() => ({
    approval: second.prepare('select status, resolved_by from approvals').get(),
    actions: second.prepare(`select action from audit_log where action like 'approval.%' order by at`).pluck().all(),
  }))

  socket.send(answerTo(await nextRequest(socket), true))

  expect(await seen).toEqual({
    approval: { status: 'allowed', resolved_by: expect.stringContaining('ada') },
    actions: ['approval.requested', 'approval.allowed'],
  })
  second.close()
})

test('a device that comes later gets what waits and can decide it, on either way', async () => {
  const { agent, socket, device } = await inTurn()
  const verdicts = [agent.ask(commandAsk('one')), agent.ask(commandAsk('two'))]
  const [one, two] = [await nextRequest(socket), await nextRequest(socket)]

  const late = await device.connect()
  const waiting = pageOf(ApprovalRequest).parse((await device.request('GET', '/approvals?status=pending')).body)

  expect([await nextRequest(late), await nextRequest(late)].map(({ requestId }) => requestId).sort()).toEqual(
    [one.requestId, two.requestId].sort(),
  )
  expect(waiting.items).toHaveLength(2)
  for (const asked of [one, two]) late.send(answerTo(asked, true))
  for (const verdict of verdicts) expect((await verdict).outcome).toBe('allowed')
  expect(pageOf(ApprovalRequest).parse((await device.request('GET', '/approvals')).body).items).toEqual([])
})

test("somebody else's request is as unknown as one that does not exist", async () => {
  const workplace = await inTurn()
  const { agent, socket } = workplace
  void agent.ask(commandAsk('npm test'))
  const { requestId, inputHash } = await nextRequest(socket)
  const eve = await signInSomebodyElse(workplace)
  const decide = async (id: string) => {
    const { status, body } = await eve.request('POST', `/approvals/${id}`, { body: { allow: true, inputHash } })
    return { status, body }
  }

  expect(await decide(requestId)).toEqual(await decide(randomUUID()))
  expect(await decide(requestId)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect((await eve.request('GET', '/approvals')).body).toEqual({ items: [], nextCursor: null })
})
