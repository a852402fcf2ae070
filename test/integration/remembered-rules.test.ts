import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ApprovalRequest } from '#protocol/approvals'
import { pageOf } from '#protocol/lists'
import { Policy, PolicyVerdict, RuleReplay } from '#protocol/policy'
import { type Device, PASSWORD } from '../support/api-client.ts'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { makeKey } from '../support/key-steps.ts'
import { promptMessage } from '../support/session-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'
import { TestClock } from '../support/test-clock.ts'
import { restart, signInSomebodyElse, startSession, type StartedSession, type Workplace } from '../support/workplace.ts'

/* What people have remembered with a decision: where and until when it holds, and what it would have done before. */

type Place = Workplace & StartedSession

const HOUR_MS = 60 * 60_000
const MAKE = commandAsk('make')

/** Lets a person allow the next call and have that remembered. */
async function remember({ agent, socket }: StartedSession, rememberFor: string, ask = MAKE, remember: string | boolean = 'exact') {
  const verdict = agent.ask(ask)
  socket.send(answerTo(await nextRequest(socket), true, { remember, rememberFor }))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
}

/** Whether a call passes without a person; where one is asked they say no. */
async function passes({ agent, socket }: StartedSession, ask = MAKE): Promise<boolean> {
  const waiting = Promise.withResolvers<'waits'>()
  const decided = agent.host.requestApproval(ask, new AbortController().signal, () => {
    waiting.resolve('waits')
  })
  if ((await Promise.race([decided, waiting.promise])) === 'waits') socket.send(answerTo(await nextRequest(socket), false))
  return (await decided).outcome === 'allowed'
}

async function ownRules(device: Device): Promise<Policy['rules']> {
  return Policy.parse((await device.request('GET', '/policy')).body).rules
}

async function audited({ database }: Workplace, action: string) {
  const rows = await database.selectFrom('audit_log').select(['actor', 'details']).where('action', '=', action).orderBy('seq').execute()
  return rows.map(({ actor, details }) => ({ actor, details: JSON.parse(details) as unknown }))
}

test('what is allowed for a turn ends with it, and what for the session goes on', async () => {
  const place = await inTurn()
  await remember(place, 'turn')
  await remember(place, 'session', commandAsk('make docs'))
  expect(await passes(place)).toBe(true)

  place.agent.endTurn()

  expect(await passes(place)).toBe(false)
  expect(await passes(place, commandAsk('make docs'))).toBe(true)
  await expect.poll(async () => (await ownRules(place.device)).map(({ reason }) => reason)).toEqual(['Bash: make docs'])
  expect(await audited(place, 'policy.rule_expired')).toMatchObject([{ actor: 'system', details: { why: 'the turn has ended' } }])
})

test('what is allowed for a turn after its end does not reach into the next one', async () => {
  const place = await inTurn()
  const verdict = place.agent.ask(MAKE)
  const asked = await nextRequest(place.socket)
  place.agent.endTurn()
  place.socket.send(answerTo(asked, true, { remember: 'exact', rememberFor: 'turn' }))
  await verdict

  place.socket.send(promptMessage(place.sessionId, 'And now the next.'))
  await place.agent.startTurn()

  expect(await passes(place)).toBe(false)
})

test('a restart ends what was allowed for a turn, and nothing else', async () => {
  const place = await inTurn()
  await remember(place, 'turn')
  await remember(place, 'session', commandAsk('make docs'))
  // Of a session whose agent did not live to say that its turn has ended.
  const scope = JSON.stringify({ kind: 'session', sessionId: 'ses_gone', userId: place.device.user.id, until: 'turn-end' })
  await place.database.updateTable('policy_rules').set({ scope }).where('scope', 'like', '%turn-end%').execute()

  const again = await restart(place)

  expect((await ownRules(again.device)).map(({ reason }) => reason)).toEqual(['Bash: make docs'])
  expect(await audited(again, 'policy.rule_expired')).toMatchObject([{ details: { why: 'the server was restarted' } }])
})

test('what is allowed for a session or a turn holds for no other session, and for a day or for good for all of the person’s', async () => {
  const place = await inTurn()
  await remember(place, 'session')
  await remember(place, 'turn', commandAsk('make docs'))
  await remember(place, 'day', commandAsk('make lint'))
  await remember(place, 'forever', commandAsk('make dist'))
  const other = await startSession(place)
  await other.agent.startTurn()

  expect(await passes(other)).toBe(false)
  expect(await passes(other, commandAsk('make docs'))).toBe(false)
  expect(await passes(other, commandAsk('make lint'))).toBe(true)
  expect(await passes(other, commandAsk('make dist'))).toBe(true)
  expect(await passes(place)).toBe(true)
})

test('what is allowed for a day ends after 24 hours, and what for good does not', async () => {
  const clock = new TestClock()
  const place = await inTurn({ clock })
  await remember(place, 'day')
  await remember(place, 'forever', commandAsk('make docs'))

  const rules = await ownRules(place.device)
  const day = rules.find(({ reason }) => reason === 'Bash: make')
  const forever = rules.find(({ reason }) => reason === 'Bash: make docs')
  const { user } = place.device
  expect(day).toMatchObject({
    author: 'ada',
    scope: { kind: 'project', projectId: place.project.id, userId: user.id },
    expiresAt: new Date(clock.now().getTime() + 24 * HOUR_MS).toISOString(),
  })
  expect(forever).toMatchObject({ expiresAt: null, scope: { kind: 'project', userId: user.id } })
  clock.advance(24 * HOUR_MS - 60_000)
  expect(await passes(place)).toBe(true)
  clock.advance(60_000)
  expect(await passes(place)).toBe(false)
  expect(await passes(place, commandAsk('make docs'))).toBe(true)
})

test('a remembered rule is one entry in the audit log, names its person, and the calls after it name the rule', async () => {
  const place = await inTurn()
  await remember(place, 'forever')
  const [rule] = await ownRules(place.device)

  expect(await audited(place, 'policy.rule_added')).toMatchObject([{ actor: 'ada', details: { rule: { id: rule?.id }, for: 'forever' } }])
  expect((await audited(place, 'approval.allowed')).map(({ actor }) => actor)).toEqual(['ada'])
  expect(await passes(place)).toBe(true)
  expect((await audited(place, 'approval.allowed')).at(-1)?.actor).toContain(`(${rule?.id ?? ''})`)
})

test('allowing the same once more takes the place of the rule before', async () => {
  const place = await inTurn()
  const ask = commandAsk('node a.js')
  await writeFile(join(place.projectPath, 'a.js'), '1')
  await remember(place, 'forever', ask)
  await writeFile(join(place.projectPath, 'a.js'), '2')

  await remember(place, 'forever', ask)

  expect(await ownRules(place.device)).toHaveLength(1)
  expect(await passes(place, ask)).toBe(true)
})

test('where the rule cannot be written down, neither it nor the decision is saved', async () => {
  const place = await inTurn()
  const { agent, socket, database } = place
  await sql`create trigger no_rules before insert on audit_log when new.action = 'policy.rule_added' begin select raise(abort, 'full'); end`.execute(
    database,
  )
  const verdict = agent.ask(MAKE)
  const asked = await nextRequest(socket)

  socket.send(answerTo(asked, true, { remember: 'exact', rememberFor: 'forever' }))

  await socket.take('error')
  expect(await ownRules(place.device)).toEqual([])
  expect(await audited(place, 'approval.allowed')).toEqual([])
  const row = await database.selectFrom('approvals').select('status').executeTakeFirstOrThrow()
  expect(row.status).toBe('pending')
  socket.send(answerTo(asked, false))
  expect((await verdict).outcome).toBe('denied')
})

test('a decision is remembered for nothing that was not offered', async () => {
  const place = await inTurn()
  const { agent, socket, projectPath } = place
  const verdict = agent.ask(writeAsk(join(projectPath, 'a.txt')))
  const asked = await nextRequest(socket)

  for (const more of [
    { remember: 'mode:acceptEdits', rememberFor: 'forever' },
    { remember: 'exact' },
    { remember: 'shape', rememberFor: 'day' },
  ]) {
    socket.send(answerTo(asked, true, more))
    expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST', requestId: asked.requestId })
  }
  socket.send(answerTo(asked, true, { remember: true, updatedInput: { file_path: join(projectPath, 'b.txt'), content: '' } }))
  expect(await socket.take('error')).toMatchObject({ code: 'BAD_REQUEST' })
  expect(await ownRules(place.device)).toEqual([])
  socket.send(answerTo(asked, false))
  await verdict
})

test('who may not decide is offered no time for which to remember', async () => {
  const place = await inTurn()
  const asking = place.agent.ask(MAKE)
  const asked = await nextRequest(place.socket)
  await place.device.request('POST', '/auth/step-up', { body: { password: PASSWORD } })
  const reader = await makeKey(place.device, ['read'])

  const { items } = pageOf(ApprovalRequest).parse((await reader.request('GET', '/approvals')).body)

  expect(items[0]?.suggestions.map(({ id, lifetimes }) => [id, lifetimes])).toEqual(asked.suggestions.map(({ id }) => [id, []]))
  expect(asked.suggestions[0]?.lifetimes).toEqual(['turn', 'session', 'day', 'forever'])
  place.socket.send(answerTo(asked, false))
  await asking
})

test('a rule is a person’s own: somebody else neither sees nor takes it away, and they themselves do', async () => {
  const place = await inTurn()
  const eve = await signInSomebodyElse(place)
  await remember(place, 'session')
  const [rule] = await ownRules(place.device)
  const path = `/policy/rules/${rule?.id ?? ''}`

  expect(await ownRules(eve)).toEqual([])
  expect((await eve.request('DELETE', path)).status).toBe(404)
  expect((await place.device.request('DELETE', path)).status).toBe(204)
  expect(await passes(place)).toBe(false)
})

test('trying a call out says what the gate does with what was remembered', async () => {
  const place = await inTurn()
  await remember(place, 'forever')
  await remember(place, 'forever', commandAsk('mkdir a'), 'shape')
  await remember(place, 'session', commandAsk('touch b'), 'exact')

  for (const command of ['make', 'make all', 'mkdir b', 'mkdir -p c/d', 'mkdir .git', 'mkdir ../x', 'mkdir b; id']) {
    const body = { toolName: 'Bash', toolInput: { command }, projectId: place.project.id }
    const { decision } = PolicyVerdict.parse((await place.device.request('POST', '/policy/test', { body })).body)
    expect(await passes(place, commandAsk(command)), command).toBe(decision === 'allow')
  }
})

test('a rule is replayed over past calls of its project that the caller may see', async () => {
  const place = await inTurn()
  const { agent, socket, device, project } = place
  for (const [command, allow] of [
    ['mkdir one', true],
    ['mkdir two', false],
    ['mkdir key=AKIAIOSFODNN7EXAMPLE', false],
    ['mkdir one; id', true],
    ['make', true],
  ] as const) {
    const verdict = agent.ask(commandAsk(command))
    socket.send(answerTo(await nextRequest(socket), allow))
    await verdict
  }
  await agent.ask(commandAsk('ls'))
  const rule = { decision: 'allow', scope: { kind: 'project', projectId: project.id }, match: { command: 'mkdir **' } }
  const replay = async (as: Device, body: object = { rule, projectId: project.id }) => as.request('POST', '/policy/replay', { body })

  const answer = RuleReplay.parse((await replay(device)).body)

  expect(answer).toMatchObject({ calls: 6, covered: 3, deniedCount: 2 })
  expect(answer.denied.map(({ title }) => title)).toEqual([expect.stringMatching(/^mkdir (?!.*AKIAIOSFODNN7EXAMPLE)/), 'mkdir two'])
  const eve = await signInSomebodyElse(place)
  expect((await replay(eve)).body).toMatchObject({ calls: 0, covered: 0, denied: [] })
  const olga = await signInSomebodyElse(place, 'owner', 'olga')
  expect((await replay(olga)).body).toMatchObject({ calls: 6, covered: 3 })
  const viewer = await signInSomebodyElse(place, 'viewer', 'vera')
  expect((await replay(viewer)).status).toBe(403)
  const refused = { ...rule, match: { command: 'npm **' } }
  expect(await replay(device, { rule: refused, projectId: project.id })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  expect((await audited(place, 'policy.rule_added')).length).toBe(0)
})

test('the rule of a suggestion is replayed as it is sent', async () => {
  const place: Place = await inTurn()
  const { agent, socket, device, project } = place
  expect(await passes(place)).toBe(false)
  const verdict = agent.ask(MAKE)
  const asked = await nextRequest(socket)

  const body = { rule: asked.suggestions[0]?.draft, projectId: project.id }
  const answer = RuleReplay.parse((await device.request('POST', '/policy/replay', { body })).body)

  expect(answer).toMatchObject({ calls: 1, covered: 1, deniedCount: 1, denied: [{ toolName: 'Bash', title: 'make' }] })
  socket.send(answerTo(asked, false))
  await verdict
})
