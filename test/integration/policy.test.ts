import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Policy, PolicyVerdict } from '#protocol/policy'
import { type Device, PASSWORD, signIn } from '../support/api-client.ts'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk, writeAsk } from '../support/scripted-provider.ts'
import { TestClock } from '../support/test-clock.ts'
import { signInSomebodyElse, startWorkplace, type Workplace } from '../support/workplace.ts'

/* The policy over HTTP, and that the gate does what it says. */

const GLOBAL = { kind: 'global' }

/** An owner who has just confirmed who they are. */
async function freshOwner(workplace: Workplace): Promise<Device> {
  const owner = await signInSomebodyElse(workplace, 'owner', 'grace')
  const { status } = await owner.request('POST', '/auth/step-up', { body: { password: PASSWORD } })
  expect(status).toBeLessThan(300)
  return owner
}

async function policyOf(device: Device): Promise<Policy> {
  return Policy.parse((await device.request('GET', '/policy')).body)
}

async function save(owner: Device, rules: object[], change: object = {}) {
  const { version, preset } = await policyOf(owner)
  return owner.request('PUT', '/policy', { body: { version, preset, rules, ...change } })
}

async function tryOut(device: Device, projectId: string, command: string): Promise<PolicyVerdict> {
  const body = { toolName: 'Bash', toolInput: { command }, projectId }
  return PolicyVerdict.parse((await device.request('POST', '/policy/test', { body })).body)
}

test('a rule decides at the gate what trying it out says', async () => {
  const workplace = await inTurn()
  const { agent, device, socket, project, database } = workplace
  const owner = await freshOwner(workplace)
  const rules = [
    { decision: 'allow', scope: GLOBAL, match: { command: 'mkdir *' } },
    { decision: 'deny', scope: { kind: 'project', projectId: project.id }, match: { command: 'mkdir secret' }, reason: 'not here' },
  ]
  expect((await save(owner, rules)).status).toBe(200)

  for (const [command, decision] of [
    ['mkdir a', 'allow'],
    ['mkdir a && mkdir b', 'allow'],
    ['mkdir secret', 'deny'],
    ['mkdir a; mkdir secret', 'deny'],
    ['mkdir a; touch b', 'ask'],
    ['touch $(whoami)', 'ask'],
    // What cannot be read may be what is denied.
    ['mkdir $(whoami)', 'deny'],
    ['mkdir .git', 'ask'],
    ['ls', 'allow'],
  ] as const) {
    expect((await tryOut(device, project.id, command)).decision, command).toBe(decision)
    const verdict = agent.ask(commandAsk(command))
    if (decision === 'ask') socket.send(answerTo(await nextRequest(socket), false))
    expect((await verdict).outcome, command).toBe(decision === 'allow' ? 'allowed' : 'denied')
  }
  const entry = await database.selectFrom('audit_log').select('details').where('action', '=', 'policy.changed').executeTakeFirstOrThrow()
  expect(JSON.parse(entry.details)).toMatchObject({ added: [{ match: { command: 'mkdir *' } }, { reason: 'not here' }], removed: [] })
})

test('rules stay in the order in which they were written', async () => {
  const owner = await freshOwner(await startWorkplace({ clock: new TestClock() }))
  const commands = Array.from({ length: 20 }, (_, index) => `program-${String(index)} **`)
  const commandsOf = async () => (await policyOf(owner)).rules.map(({ match }) => match.command)

  await save(
    owner,
    commands.map((command) => ({ decision: 'ask', scope: GLOBAL, match: { command } })),
  )
  expect(await commandsOf()).toEqual(commands)

  const kept = (await policyOf(owner)).rules.slice(1)
  await save(owner, [...kept, { decision: 'ask', scope: GLOBAL, match: { command: 'last **' } }])
  expect(await commandsOf()).toEqual([...commands.slice(1), 'last **'])
})

test('a change from an older version is refused and changes nothing', async () => {
  const workplace = await startWorkplace()
  const owner = await freshOwner(workplace)
  const { version } = await policyOf(owner)
  const rule = { decision: 'ask', scope: GLOBAL, match: { tools: ['Write'] } }
  expect((await save(owner, [rule])).status).toBe(200)

  const late = await owner.request('PUT', '/policy', { body: { version, preset: 'read-only', rules: [] } })

  expect(late).toMatchObject({ status: 409, body: { code: 'STALE_VERSION' } })
  expect(await policyOf(owner)).toMatchObject({ version: version + 1, preset: 'careful', rules: [{ author: 'grace', match: rule.match }] })
})

test.each([
  ['rules.0.match', { match: {} }],
  ['rules.0.match', { match: { tools: ['*'] } }],
  ['rules.0.match', { match: { domains: ['example.org'] } }],
  ['rules.0.match.command', { match: { command: 'npm *' } }],
  ['rules.0.match.command', { match: { command: '**' } }],
  ['rules.0.expiresAt', { match: { command: 'mkdir *' }, expiresAt: '2020-01-01T00:00:00.000Z' }],
])('a rule that may not be is refused and named: %s', async (field, rule) => {
  const owner = await freshOwner(await startWorkplace())

  const answer = await save(owner, [{ decision: 'allow', scope: GLOBAL, ...rule }])

  expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', details: { fields: [{ field }] } } })
  expect((await policyOf(owner)).rules).toEqual([])
})

test('nothing is trusted without a sandbox, and reading only denies the rest', async () => {
  const workplace = await inTurn()
  const owner = await freshOwner(workplace)
  expect((await policyOf(owner)).presets).toEqual(['read-only', 'careful'])
  expect(await save(owner, [], { preset: 'trusting' })).toMatchObject({ status: 422, body: { code: 'POLICY_VIOLATION' } })
  expect((await save(owner, [], { preset: 'read-only' })).status).toBe(200)

  await writeFile(join(workplace.projectPath, 'a.txt'), '')
  expect((await workplace.agent.ask(writeAsk(join(workplace.projectPath, 'a.txt')))).outcome).toBe('denied')
  expect((await workplace.agent.ask(commandAsk('cat a.txt'))).outcome).toBe('allowed')
})

test("a person's own rule is theirs to see and take away, and nobody else's", async () => {
  const workplace = await startWorkplace()
  const { device, project } = workplace
  const owner = await freshOwner(workplace)
  const eve = await signInSomebodyElse(workplace)
  const own = {
    decision: 'allow',
    scope: { kind: 'project', projectId: project.id, userId: device.user.id },
    match: { command: 'mkdir *' },
  }
  const shared = { decision: 'ask', scope: GLOBAL, match: { tools: ['Write'] } }
  await save(owner, [own, shared])
  const rules = (await policyOf(owner)).rules
  const [mine, everybodys] = ['allow', 'ask'].map((decision) => rules.find((rule) => rule.decision === decision)?.id ?? '')

  expect((await policyOf(eve)).rules.map(({ id }) => id)).toEqual([everybodys])
  expect((await tryOut(device, project.id, 'mkdir a')).decision).toBe('allow')
  expect((await tryOut(eve, project.id, 'mkdir a')).decision).toBe('ask')
  expect((await eve.request('DELETE', `/policy/rules/${mine ?? ''}`)).status).toBe(404)
  expect((await device.request('DELETE', `/policy/rules/${everybodys ?? ''}`)).status).toBe(403)
  expect((await device.request('DELETE', `/policy/rules/${mine ?? ''}`)).status).toBe(204)
  expect((await tryOut(device, project.id, 'mkdir a')).decision).toBe('ask')
  expect((await (await signIn(workplace.url)).request('PUT', '/policy', { body: {} })).status).toBe(403)
})

test('what others forbade somebody is not theirs to take away', async () => {
  const workplace = await startWorkplace()
  const { project } = workplace
  const owner = await freshOwner(workplace)
  const eve = await signInSomebodyElse(workplace)
  const scope = { kind: 'user', userId: eve.user.id }
  await save(owner, [{ decision: 'deny', scope, match: { command: 'mkdir **' } }])
  const [rule] = (await policyOf(eve)).rules

  expect((await eve.request('DELETE', `/policy/rules/${rule?.id ?? ''}`)).status).toBe(403)
  expect((await tryOut(eve, project.id, 'mkdir a')).decision).toBe('deny')
  expect((await owner.request('DELETE', `/policy/rules/${rule?.id ?? ''}`)).status).toBe(204)
})

test('what a rule forbids is not allowed by hand either: not when the rule is newer than the card, and not as an edit', async () => {
  const workplace = await inTurn()
  const { agent, socket } = workplace
  const owner = await freshOwner(workplace)
  const first = agent.ask(commandAsk('touch a'))
  const asked = await nextRequest(socket)
  await save(owner, [{ decision: 'deny', scope: GLOBAL, match: { command: 'touch **' }, reason: 'not now' }])

  socket.send(answerTo(asked, true))
  expect(await socket.take('error')).toMatchObject({ code: 'FORBIDDEN', error: expect.stringContaining('not now') })
  socket.send(answerTo(asked, true, { updatedInput: { command: 'mkdir a' } }))
  expect(await first).toMatchObject({ outcome: 'allowed', input: { command: 'mkdir a' } })

  const second = agent.ask(commandAsk('mkdir b'))
  const other = await nextRequest(socket)
  socket.send(answerTo(other, true, { updatedInput: { command: 'mkdir b; touch b' } }))
  expect(await socket.take('error')).toMatchObject({ code: 'FORBIDDEN' })
  socket.send(answerTo(other, false))
  expect((await second).outcome).toBe('denied')
})
