import { expect, test } from 'vitest'
import { Policy } from '#protocol/policy'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { PASSWORD, signIn } from '../support/api-client.ts'
import { makeKey } from '../support/key-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'
import { eventOf, newClientId, promptMessage, sessionOf } from '../support/session-steps.ts'
import { TestClock } from '../support/test-clock.ts'
import { managed } from '../support/user-steps.ts'
import { restart, signInSomebodyElse, startSession, startWorkplace, type Workplace } from '../support/workplace.ts'
import { eventually } from '../support/within.ts'

/*
 * The mode that skips approvals: who gets it, what it lets pass and what not, and everything that ends it.
 */

const MINUTE = 60_000
const SKIP = { mode: 'bypassPermissions' }
/** Neither low nor high, and no preset allows it. */
const ordinary = commandAsk('npm test')

async function skipping(options: Parameters<typeof inTurn>[0] = {}) {
  const workplace = await inTurn({ role: 'owner', ...options })
  const patch = (body: object) => workplace.device.request('PATCH', `/sessions/${workplace.sessionId}`, { body })
  const answer = await patch({ ...SKIP, modeMinutes: 15 })
  expect(answer).toMatchObject({ status: 200, body: { mode: 'bypassPermissions' } })
  return { ...workplace, patch }
}

/** Until a call is asked about again, which is then answered so that nothing is left waiting. */
async function asksAgain({ agent, socket }: Awaited<ReturnType<typeof skipping>>): Promise<void> {
  const verdict = agent.ask(ordinary)
  socket.send(answerTo(await nextRequest(socket), false))
  expect(await verdict).toMatchObject({ outcome: 'denied' })
}

async function modeChanges(workplace: Pick<Workplace, 'database'>) {
  const rows = await workplace.database
    .selectFrom('audit_log')
    .selectAll()
    .where('action', '=', 'session.mode_changed')
    .orderBy('seq')
    .execute()
  return rows.map(({ actor, details }) => ({ actor, details: JSON.parse(details) }))
}

async function fellBack(workplace: Awaited<ReturnType<typeof skipping>>, why: string): Promise<void> {
  await eventually('the mode to be over', async () => {
    const { mode, modeUntil } = await sessionOf(await signIn(workplace.url), workplace.sessionId)
    return mode === 'default' && modeUntil === null ? true : null
  })
  expect((await modeChanges(workplace)).at(-1)).toMatchObject({
    actor: 'system',
    details: { mode: 'default', before: 'bypassPermissions', why },
  })
}

test('an owner skips approvals for a time: calls pass without a card, each written down as by the mode', async () => {
  const clock = new TestClock()
  const workplace = await skipping({ clock })
  const { agent, database, device, sessionId } = workplace
  const other = await (await signIn(workplace.url)).connect()

  const verdict = await agent.ask(ordinary)

  expect(verdict).toMatchObject({ outcome: 'allowed', input: { command: 'npm test' } })
  expect(await sessionOf(device, sessionId)).toMatchObject({ modeUntil: '2026-11-01T12:15:00.000Z' })
  const { resolved_by: by } = await database.selectFrom('approvals').selectAll().executeTakeFirstOrThrow()
  expect(JSON.parse(by ?? '')).toEqual({ kind: 'rule', name: 'Mode: skip approvals until 2026-11-01 12:15 UTC' })
  const audit = await database.selectFrom('audit_log').selectAll().where('action', '=', 'approval.allowed').executeTakeFirstOrThrow()
  expect(audit.actor).toBe('rule: Mode: skip approvals until 2026-11-01 12:15 UTC')
  expect(await modeChanges(workplace)).toEqual([
    { actor: 'ada', details: { sessionId, mode: 'bypassPermissions', before: 'default', until: '2026-11-01T12:15:00.000Z' } },
  ])
  // The agent goes on asking: it was never told.
  expect([agent.options.mode, ...agent.modes]).toEqual(['default', 'default'])
  await device.request('PATCH', `/sessions/${sessionId}`, { body: { ...SKIP, modeMinutes: 60 } })
  const told = await other.take('sessions-updated', ({ session }) => session?.modeUntil === '2026-11-01T13:00:00.000Z')
  expect(told.session).toMatchObject({ mode: 'bypassPermissions' })
})

test('what is dangerous, protected, hidden, secret or meant for a person is asked all the same', async () => {
  const workplace = await skipping()
  const { agent, socket, projectPath, folder } = workplace
  const hidden = commandAsk('npm run te\u200Bst')
  const calls = [
    commandAsk('rm -rf /'),
    writeAsk(`${projectPath}/.git/hooks/pre-commit`),
    writeAsk(`${folder}/outside.txt`),
    commandAsk('cat .env'),
    commandAsk('echo "$(cat ~/.ssh/id_ed25519)"'),
    commandAsk(`echo "$(ls ${folder}/data)"`),
    hidden,
    writeAsk(`${projectPath}/a.txt`, 'pay\u202Eload'),
    { ...ordinary, approvalKind: 'tool' as const, toolName: 'mcp__host__run', toolInput: { command: 'rm -rf /' } },
    { ...ordinary, approvalKind: 'question' as const, toolName: 'AskUserQuestion' },
    { ...ordinary, approvalKind: 'plan' as const, toolName: 'ExitPlanMode' },
  ]
  for (const call of calls) {
    const verdict = agent.ask(call)
    const shown = await nextRequest(socket)
    expect(shown.toolInput).toEqual(call.toolInput)
    socket.send(answerTo(shown, false))
    expect(await verdict).toMatchObject({ outcome: 'denied' })
  }
})

test('rules that deny or ask hold, and one that denies everything in the mode forbids and ends it', async () => {
  const workplace = await skipping()
  const { agent, device, socket, patch } = workplace
  const rule = (decision: string, match: object) => ({ decision, scope: { kind: 'global' }, match, reason: 'No' })
  const put = async (rules: object[]) => {
    const { body } = await device.request('GET', '/policy')
    const { version } = Policy.parse(body)
    expect(await device.request('PUT', '/policy', { body: { version, preset: 'careful', rules } })).toMatchObject({ status: 200 })
  }
  await put([rule('deny', { command: 'npm publish' }), rule('ask', { command: 'npm test' })])

  expect(await agent.ask(commandAsk('npm publish'))).toMatchObject({ outcome: 'denied' })
  const asked = agent.ask(ordinary)
  socket.send(answerTo(await nextRequest(socket), true))
  expect(await asked).toMatchObject({ outcome: 'allowed' })
  expect(await agent.ask(commandAsk('npm run build'))).toMatchObject({ outcome: 'allowed' })

  await put([rule('deny', { tools: ['*'], modes: ['bypassPermissions'] })])

  await fellBack(workplace, 'A rule of ada forbids to skip approvals: No')
  expect(await patch(SKIP)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', error: expect.stringContaining('forbids') } })
  await asksAgain(workplace)
})

test('members, viewers and API keys do not get it, neither at the start nor later', async () => {
  const workplace = await startWorkplace()
  const { sessionId, socket } = await startSession(workplace)
  const { device, project } = workplace
  expect(await device.request('PATCH', `/sessions/${sessionId}`, { body: SKIP })).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN' },
  })
  socket.send({ ...start(project.id), options: SKIP })
  expect(await socket.take('error')).toMatchObject({ code: 'FORBIDDEN' })

  const owned = await startWorkplace({ role: 'owner' })
  const key = await makeKey(owned.device, ['read', 'chat', 'approve', 'admin'])
  const own = await startSession(owned)
  expect(await key.request('PATCH', `/sessions/${own.sessionId}`, { body: SKIP })).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', error: expect.stringContaining('API key') },
  })
  expect((await sessionOf(owned.device, own.sessionId)).mode).toBe('default')
})

test('it needs a fresh proof, which is asked of the login itself and not of what a socket remembers', async () => {
  const clock = new TestClock()
  const workplace = await inTurn({ role: 'owner', clock })
  const { device, socket, sessionId, project } = workplace
  clock.advance(6 * MINUTE)

  expect(await device.request('PATCH', `/sessions/${sessionId}`, { body: SKIP })).toMatchObject({
    status: 403,
    body: { code: 'STEP_UP_REQUIRED' },
  })
  const message = { ...start(project.id), options: { ...SKIP, modeMinutes: 5 } }
  socket.send(message)
  expect(await socket.take('error')).toMatchObject({ code: 'STEP_UP_REQUIRED', clientId: message.clientId })

  expect(await device.request('POST', '/auth/step-up', { body: { password: PASSWORD } })).toMatchObject({ status: 200 })
  socket.send(message)
  const { sessionId: started } = await socket.take('session-started', ({ clientId }) => clientId === message.clientId)

  expect(await sessionOf(device, started)).toMatchObject({ mode: 'bypassPermissions', modeUntil: '2026-11-01T12:11:00.000Z' })
  const agent = await workplace.provider.nextAgent()
  expect(agent.options.mode).toBe('default')
  expect(await agent.ask(ordinary)).toMatchObject({ outcome: 'allowed' })
  // The repetition of a start is no new start: it neither extends the time nor needs a proof.
  clock.advance(6 * MINUTE)
  socket.send(message)
  await socket.take('session-started', ({ clientId }) => clientId === message.clientId)
  expect(await modeChanges(workplace)).toHaveLength(1)
})

test.each([[0], [481], [1.5]])('%s minutes are refused', async (modeMinutes) => {
  const workplace = await inTurn({ role: 'owner' })
  expect(await workplace.device.request('PATCH', `/sessions/${workplace.sessionId}`, { body: { ...SKIP, modeMinutes } })).toMatchObject({
    status: 400,
  })
})

test('it ends by itself when its time is over, for the gate at once', async () => {
  const clock = new TestClock()
  const workplace = await skipping({ clock, environment: { AGENT_IDLE_MS: '1000' } })
  clock.advance(15 * MINUTE)

  await asksAgain(workplace)
  await fellBack(workplace, 'its time was over')
})

test('asking again takes effect at once', async () => {
  const workplace = await skipping()
  expect(await workplace.patch({ mode: 'default' })).toMatchObject({ body: { mode: 'default', modeUntil: null } })
  await asksAgain(workplace)
  expect((await modeChanges(workplace)).at(-1)).toMatchObject({ actor: 'ada', details: { mode: 'default', before: 'bypassPermissions' } })
})

test('a restart ends it', async () => {
  const workplace = await skipping()
  const after = await restart(workplace)
  expect(await sessionOf(after.device, workplace.sessionId)).toMatchObject({ mode: 'default', modeUntil: null })
  expect((await modeChanges(after)).at(-1)).toMatchObject({ actor: 'system', details: { why: 'the server was restarted' } })
  const socket = await after.device.connect()
  socket.send(promptMessage(workplace.sessionId, 'go on'))
  const agent = await after.provider.nextAgent()
  const verdict = agent.ask(ordinary)
  socket.send(answerTo(await nextRequest(socket), true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})

test('the end of the login that asked for it ends it; that of another one does not', async () => {
  const workplace = await inTurn({ role: 'owner' })
  const [asking, other] = [await signIn(workplace.url), await signIn(workplace.url)]
  await asking.request('PATCH', `/sessions/${workplace.sessionId}`, { body: SKIP })
  await other.request('POST', '/auth/logout')
  expect(await workplace.agent.ask(ordinary)).toMatchObject({ outcome: 'allowed' })

  await asking.request('POST', '/auth/logout')

  const patch = () => Promise.reject(new Error('not used'))
  await fellBack({ ...workplace, patch }, 'the login that asked for it has ended')
  await asksAgain({ ...workplace, patch })
})

test('a freeze ends it', async () => {
  const workplace = await skipping()
  const { device, agent, patch } = workplace
  await device.request('POST', '/approvals/freeze', { body: {} })
  expect(await agent.ask(ordinary)).toMatchObject({ outcome: 'denied' })
  expect(await patch(SKIP)).toMatchObject({ status: 409 })
  await device.request('DELETE', '/approvals/freeze')
  await fellBack(workplace, 'everything was frozen')
  await asksAgain(workplace)
})

test('whoever is no owner any more skips nothing from that moment', async () => {
  const workplace = await skipping()
  const { database, agent, socket, device } = workplace
  // As another process on the host writes it, which tells nobody here.
  await database.updateTable('users').set({ role: 'member' }).where('username', '=', 'ada').execute()
  const asked = agent.ask(ordinary)
  socket.send(answerTo(await nextRequest(socket), false))
  expect(await asked).toMatchObject({ outcome: 'denied' })
  expect(device.user.role).toBe('owner')
})

test('an owner who is made a member by another owner skips nothing any more', async () => {
  const workplace = await skipping()
  const owner = await signInSomebodyElse(workplace, 'owner', 'olga')
  const { device } = workplace
  expect((await managed(owner, device.user.id))?.role).toBe('owner')
  expect(await owner.request('PATCH', `/users/${device.user.id}`, { body: { role: 'member' } })).toMatchObject({ status: 200 })
  await fellBack(workplace, 'Only owners may skip approvals. Choose another mode.')
})

test('an agent cannot put its session into the mode, and ends it when it changes its own', async () => {
  const workplace = await skipping()
  const { agent, device, socket, sessionId, patch } = workplace
  agent.emit({ v: 1, kind: 'session.updated', mode: 'default' })
  expect(await agent.ask(ordinary)).toMatchObject({ outcome: 'allowed' })
  agent.emit({ v: 1, kind: 'session.updated', mode: 'plan' })
  await eventOf(socket, 'session.updated', ({ mode }) => mode === 'plan')
  expect((await modeChanges(workplace)).at(-1)).toMatchObject({ actor: 'claude', details: { mode: 'plan', before: 'bypassPermissions' } })
  await patch({ mode: 'default' })

  agent.emit({ v: 1, kind: 'session.updated', mode: 'bypassPermissions', modeUntil: '2099-01-01T00:00:00.000Z' })
  await asksAgain(workplace)
  expect(await sessionOf(device, sessionId)).toMatchObject({ mode: 'default', modeUntil: null })
})

test('no answer to a request sets the mode', async () => {
  const { agent, socket, device, sessionId } = await inTurn({ role: 'owner' })
  const verdict = agent.ask({ ...ordinary, approvalKind: 'plan', toolName: 'ExitPlanMode' })
  const shown = await nextRequest(socket)
  expect(shown.suggestions.map(({ id }) => id)).toEqual(['mode:acceptEdits'])
  socket.send(answerTo(shown, true, { remember: 'mode:bypassPermissions' }))
  expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST' })
  socket.send(answerTo(shown, true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
  expect((await sessionOf(device, sessionId)).mode).toBe('default')
})

function start(projectId: string) {
  return { type: 'session-start', clientId: newClientId(), provider: 'claude', projectId, prompt: 'Hello' }
}
