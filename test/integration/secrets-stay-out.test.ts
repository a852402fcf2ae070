import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Policy } from '#protocol/policy'
import { entryHash } from '../../src/server/platform/audit-chain.ts'
import { canonicalHash } from '../../src/server/platform/canonical-json.ts'
import { REDACTED } from '../../src/server/platform/redact.ts'
import { callApi, type Device, PASSWORD, register } from '../support/api-client.ts'
import { answerTo } from '../support/approval-steps.ts'
import { commandAsk, ScriptedProvider } from '../support/scripted-provider.ts'
import { SECRET_CORPUS } from '../support/secret-corpus.ts'
import { promptMessage } from '../support/session-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestApp } from '../support/test-app.ts'
import { eventually } from '../support/within.ts'
import { startSession, type StartedSession, type Workplace } from '../support/workplace.ts'

/*
 * A corpus of secrets goes through every way in on which a person or an agent can write one. The transcript keeps what was
 * said; the audit log, its export, the server's own log and what failures say must not have a single one of them.
 */

const TIME_LIMIT_MS = 180_000

interface Traces extends Workplace {
  /** Every line of the server's log, from the level `trace` on. */
  logged: string[]
  /** Where the audit log is handed on to. */
  forwarded: string
  /** Every answer with a status of 400 or more. */
  failures: string[]
  /** As the device's own, and kept where it is a failure. */
  call: Device['request']
}

async function start(): Promise<Traces> {
  const logged: string[] = []
  const failures: string[] = []
  const provider = new ScriptedProvider()
  const log = { write: (line: string) => void logged.push(line) }
  const forwarded = join(await temporaryFolder(), 'audit.jsonl')
  const environment = {
    RATE_LIMITS: 'reading=100000,writing=100000,costly=100000,sign-in=100000',
    LOG_LEVEL: 'trace',
    AUDIT_FORWARD: `file:${forwarded}`,
  }
  const server = await startTestApp({ providers: [provider], environment, log })
  const device = await register(server.url, server.setupCode)
  const project = await device.addProject(server.projectPath)
  const call: Device['request'] = async (...request) => {
    const answer = await device.request(...request)
    if (answer.status >= 400) failures.push(JSON.stringify(answer.body))
    return answer
  }
  expect((await call('POST', '/auth/step-up', { body: { password: PASSWORD } })).status).toBeLessThan(300)
  return { ...server, provider, device, project, logged, forwarded, failures, call }
}

/** In prompts, tools' inputs and results, commands, reasons of decisions and edited inputs. */
async function sayAndDo({ device }: Traces, { agent, socket, sessionId }: StartedSession, text: string): Promise<void> {
  // Of its own, since one connection may not send that many prompts.
  const speaker = await device.connect()
  speaker.send(promptMessage(sessionId, text))
  await agent.startTurn()
  agent.say(text)
  for (const answer of [
    { allow: false, reason: text },
    { allow: true, updatedInput: { command: `${text} # edited` } },
  ]) {
    const verdict = agent.ask({ ...commandAsk(text), description: text, title: text })
    const asked = await Promise.race([socket.take('claude-permission-request'), verdict])
    if ('requestId' in asked) socket.send(answerTo(asked, answer.allow, answer))
    await verdict
  }
  const granted = agent.ask(commandAsk(text))
  const asked = await Promise.race([socket.take('claude-permission-request'), granted])
  if ('requestId' in asked) socket.send(answerTo(asked, true, asked.suggestions.length > 0 ? { remember: true } : {}))
  await granted
  agent.endTurn()
  await socket.roundTrip()
  await speaker.close()
}

/** In names, titles and reasons that are kept. */
async function nameThings({ call, project }: Traces, sessionId: string, text: string): Promise<void> {
  const policy = Policy.parse((await call('GET', '/policy')).body)
  const rule = { decision: 'ask', scope: { kind: 'global' }, match: { command: text.slice(0, 1000) }, reason: text.slice(0, 500) }
  await call('PUT', '/policy', { body: { version: policy.version, preset: policy.preset, rules: [rule] } })
  await call('POST', '/policy/test', { body: { toolName: 'Bash', toolInput: { command: text }, projectId: project.id } })
  await call('PATCH', `/sessions/${sessionId}`, { body: { title: text.slice(0, 200) } })
  await call('PATCH', `/projects/${project.id}`, { body: { name: text.slice(0, 120) } })
  await call('POST', '/keys', { body: { name: text.slice(0, 60), scopes: ['read'] } })
  await call('POST', '/keys', { body: { name: text, scopes: [text] } })
  await call('POST', '/users/invitations', { body: { role: text } })
  await call('POST', '/approvals/freeze', { body: { reason: text.slice(0, 500) } })
  await call('DELETE', '/approvals/freeze')
}

/** In requests that fail. */
async function fail({ call, device, url, failures }: Traces, [secret, text]: readonly [string, string]): Promise<void> {
  const line = text.replaceAll('\n', ' ')
  const stranger = async (method: string, path: string, request: Parameters<typeof callApi>[3] = {}) => {
    failures.push(JSON.stringify((await callApi(url, method, path, request)).body))
  }
  const raw = (body: string) => fetch(`${url}/api/projects`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  failures.push(await (await raw(`{"path": "${text}`)).text(), await (await raw(JSON.stringify(text))).text())
  await call('POST', '/projects', { body: { path: `/nowhere/${line}` } })
  await call('POST', '/projects', { body: { path: 'x', [text]: text } })
  await call('POST', '/approvals/freeze', { body: { [text]: { [text]: text } } })
  await call('GET', `/nothing/${encodeURIComponent(line)}?token=${encodeURIComponent(secret)}`)
  await call('GET', `/sessions/${encodeURIComponent(line)}?token=${encodeURIComponent(secret)}`)
  await call('GET', `/audit?action=${encodeURIComponent(line)}&limit=${encodeURIComponent(secret)}`)
  await stranger('POST', '/auth/login', { body: { username: line, password: secret }, headers: { 'user-agent': line } })
  await stranger('POST', '/auth/invitations/inspect', { body: { code: secret } })
  await stranger('GET', '/auth/user', { headers: { authorization: `Bearer ${secret.replaceAll('\n', ' ')}`, 'user-agent': line } })
  await stranger('GET', '/auth/user', { headers: { 'x-api-key': secret.replaceAll('\n', ' ') } })
  await stranger('POST', '/auth/refresh', { headers: { cookie: `acu_refresh_x=${encodeURIComponent(secret)}` } })
  const refused = await SocketClient.refused(url, { query: `token=${encodeURIComponent(secret)}` })
  failures.push(JSON.stringify(refused.body))
  // Of its own, since a socket that sends nonsense is closed.
  const socket = await device.connect()
  for (const message of [`{"type": "${line}`, { type: text }, { type: 'session-prompt', sessionId: text, [text]: text }]) {
    socket.send(message)
    failures.push(JSON.stringify(await socket.take('error')))
  }
  await socket.close()
}

/** Each with what stands around it. */
function secretsIn(text: string): string[] {
  return SECRET_CORPUS.flatMap(([secret]) => {
    const forms = [secret, JSON.stringify(secret).slice(1, -1)]
    const at = Math.max(...forms.map((form) => text.indexOf(form)))
    return at < 0 ? [] : [`${secret} in …${text.slice(Math.max(0, at - 300), at + 100)}…`]
  })
}

test('no secret of the corpus reaches the audit log, its export and forward, the log or what failures say', {
  timeout: TIME_LIMIT_MS,
}, async () => {
  const traces = await start()
  const { database, device, logged, failures, call, url } = traces
  const session = await startSession(traces, 'Begin')
  await session.agent.answer('Begun')
  for (const sample of SECRET_CORPUS) {
    await sayAndDo(traces, session, sample[1])
    await nameThings(traces, session.sessionId, sample[1])
    await fail(traces, sample)
  }
  // A password in the field of the name, again with the name of somebody who is there.
  await callApi(url, 'POST', '/auth/login', { body: { username: device.user.username, password: SECRET_CORPUS[0]?.[0] ?? '' } })
  const last = (await database.selectFrom('audit_log').select('id').orderBy('seq', 'desc').executeTakeFirst())?.id ?? ''
  const handedOn = await eventually('the last entry to be handed on', async () => {
    const text = await readFile(traces.forwarded, 'utf8')
    return text.includes(last) ? text : null
  })
  const rows = await database.selectFrom('audit_log').selectAll().execute()
  const places = {
    'the audit log': JSON.stringify(rows),
    'its export': String((await call('GET', '/audit/export')).body),
    'what is handed on': handedOn,
    'the log': logged.join(''),
    'what failures say': failures.join('\n'),
  }
  for (const [place, text] of Object.entries(places)) expect(secretsIn(text), place).toEqual([])
  // They did come that far: each left its mark where it was taken out, and the transcript keeps what was said.
  expect(rows.filter(({ details }) => details.includes(REDACTED)).length).toBeGreaterThan(SECRET_CORPUS.length)
  expect(failures.length).toBeGreaterThan(SECRET_CORPUS.length * 10)
  const said = JSON.stringify(await database.selectFrom('session_events').select('event').execute())
  for (const [secret] of SECRET_CORPUS) expect(said).toContain(JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1))

  // What is hashed is what is left: nobody needs the secret to check the chain.
  for (const { hash, details, ...row } of rows) {
    const parsed: unknown = JSON.parse(details)
    expect(entryHash({ ...row, details })).toBe(hash)
    expect(canonicalHash({ ...row, details: parsed, v: 1 })).toBe(hash)
  }
  expect((await call('POST', '/audit/verification')).body).toMatchObject({ verdict: { ok: true, problem: null } })
})
