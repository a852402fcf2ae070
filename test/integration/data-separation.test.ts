import { expect, test } from 'vitest'
import { PasskeyId, RuleId } from '#protocol/ids'
import type { Role } from '#protocol/auth'
import { ROUTE_RULES } from '../../src/server/http/permission-table.ts'
import { answerTo, nextRequest } from '../support/approval-steps.ts'
import { callApi, Device, PASSWORD } from '../support/api-client.ts'
import { makeKey } from '../support/key-steps.ts'
import { type DescribedRoute, routesOf } from '../support/schema-samples.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { promptMessage } from '../support/session-steps.ts'
import { invite } from '../support/user-steps.ts'
import { signInSomebodyElse, startSession, startWorkplace } from '../support/workplace.ts'

/*
 * Somebody with the ids of somebody else's things, on every route and message that takes an id: they are told nothing
 * and change nothing (ASVS 8.2.2, 8.4.1).
 */

const CANARY = 'canary'
/** Where the other one signed in from. */
const ADDRESS = '203.0.113.77'

/** The things of one user, each with words in it that nobody else may see. */
async function withThings() {
  const workplace = await startWorkplace({ environment: { TRUST_PROXY: '127.0.0.1' } })
  const { url, database } = workplace
  const login = { headers: { 'x-forwarded-for': ADDRESS }, body: { username: 'ada', password: PASSWORD } }
  const device = new Device(url, await callApi(url, 'POST', '/auth/login', login))
  const ruleId = RuleId.parse('rul_1')
  await database
    .insertInto('policy_rules')
    .values({
      id: ruleId,
      decision: 'ask',
      scope: JSON.stringify({ kind: 'user', userId: device.user.id }),
      match: JSON.stringify({ tools: [`${CANARY}Tool`] }),
      reason: `${CANARY} reason`,
      expires_at: null,
      author: 'ada',
      created_at: '2026-01-01T00:00:00.000Z',
    })
    .execute()
  const session = await startSession({ ...workplace, device }, `${CANARY} prompt`)
  await session.agent.startTurn()
  session.agent.say(`${CANARY} answer`)
  const verdict = session.agent.ask(commandAsk(`make ${CANARY}`))
  const request = await nextRequest(session.socket)
  const key = await makeKey(device, ['read'], { name: `${CANARY} key` })
  const passkeyId = PasskeyId.parse('psk_1')
  await database
    .insertInto('passkeys')
    .values({
      id: passkeyId,
      user_id: device.user.id,
      name: `${CANARY} passkey`,
      credential_id: 'Y2FuYXJ5',
      public_key: 'Y2FuYXJ5',
      counter: 0,
      transports: '[]',
      rp_id: 'localhost',
      backed_up: 0,
      created_at: '2026-01-01T00:00:00.000Z',
      last_used_at: null,
    })
    .execute()
  const owner = await signInSomebodyElse(workplace, 'owner', 'olga')
  const { id: loginId } = await database.selectFrom('logins').select('id').where('address', '=', ADDRESS).executeTakeFirstOrThrow()
  const ids = {
    sessionId: session.sessionId,
    requestId: request.requestId,
    keyId: key.created.id,
    loginId,
    passkeyId,
    userId: device.user.id,
    projectId: workplace.project.id,
    invitationId: (await invite(owner)).id,
    ruleId,
  }
  return { workplace, device, session, verdict, request, key, ids }
}

async function routesWithIds(url: string): Promise<DescribedRoute[]> {
  // Projects are folders of the host that everybody shares.
  return routesOf((await callApi(url, 'GET', '/openapi.json')).body).filter(({ params }) => params.some((name) => name !== 'projectId'))
}

/** An owner manages users, and rules of everybody. */
function isAdministration({ name }: DescribedRoute): boolean {
  return ROUTE_RULES[name]?.permission === 'admin' || name === 'DELETE /policy/rules/:ruleId'
}

function isRead({ name, method }: DescribedRoute): boolean {
  return method === 'GET' && name.includes('/sessions')
}

function expectNoCanary(what: string, answer: unknown): void {
  expect(JSON.stringify(answer), what).not.toMatch(new RegExp(`${CANARY}|${ADDRESS.replaceAll('.', '\\.')}`, 'i'))
}

const outsiders: { role: Role; reaches: (route: DescribedRoute) => boolean }[] = [
  { role: 'member', reaches: () => false },
  { role: 'viewer', reaches: isRead },
  { role: 'owner', reaches: (route) => isRead(route) || isAdministration(route) },
]

test.for(outsiders)('no route lets a $role at what belongs to somebody else', async ({ role, reaches }) => {
  const { workplace, ids, device, key, request, session, verdict } = await withThings()
  const outsider = await signInSomebodyElse(workplace, role)
  let tried = 0

  for (const route of await routesWithIds(workplace.url)) {
    expect(Object.keys(ids), `${route.name}: an id of somebody else's for this test`).toEqual(expect.arrayContaining(route.params))
    if (reaches(route)) continue
    const { status, body } = await outsider.request(route.method, route.pathWith(ids), route.body === undefined ? {} : { body: route.body })
    expect([403, 404], `${route.name} answered ${JSON.stringify(body)}`).toContain(status)
    expectNoCanary(route.name, body)
    tried += 1
  }

  expect(tried).toBeGreaterThanOrEqual(3)
  expect((await device.request('GET', '/auth/user')).status).toBe(200)
  expect((await key.request('GET', '/auth/user')).status).toBe(200)
  expect((await device.request('GET', `/sessions/${ids.sessionId}`)).body).toMatchObject({ title: `${CANARY} prompt` })
  session.socket.send(answerTo(request, true))
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})

/** An id of the same form that nothing has. */
const nobodys = (id: string) => id.replace(/[^_-]{1,6}$/, (end) => 'a'.repeat(end.length))

test.for(outsiders)('a $role cannot tell what belongs to somebody else from what does not exist', async ({ role, reaches }) => {
  const { workplace, ids } = await withThings()
  const outsider = await signInSomebodyElse(workplace, role)
  const none = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, nobodys(id)]))
  const alike = async (route: DescribedRoute, which: Record<string, string>) => {
    const answer = await outsider.request(route.method, route.pathWith(which), route.body === undefined ? {} : { body: route.body })
    // What a user has left is counted down by every request, whatever it asks for.
    const headers = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'ratelimit')
    return { status: answer.status, headers, body: answer.body }
  }
  let compared = 0
  for (const route of await routesWithIds(workplace.url)) {
    // An owner reads all sessions, and is told why acting in them is refused.
    const isKnown = role === 'owner' && route.params.some((name) => name === 'sessionId' || name === 'requestId')
    if (reaches(route) || isKnown) continue
    expect(await alike(route, ids), route.name).toEqual(await alike(route, none))
    compared += 1
  }
  expect(compared).toBeGreaterThanOrEqual(3)
})

test('no list tells a member what belongs to somebody else', async () => {
  const { workplace, ids, device } = await withThings()
  const { url, database } = workplace
  const outsider = await signInSomebodyElse(workplace)
  for (const route of routesOf((await callApi(url, 'GET', '/openapi.json')).body)) {
    if (route.method === 'GET') expectNoCanary(route.name, (await outsider.request('GET', route.pathWith(ids))).body)
  }
  const notices = database.selectFrom('notices').select('id').where('user_id', '=', device.user.id).where('read_at', 'is', null)
  const unread = await notices.execute()

  await outsider.request('POST', '/auth/notices/read', { body: { ids: unread.map(({ id }) => id) } })

  expect(unread.length).toBeGreaterThan(0)
  expect(await notices.execute()).toEqual(unread)
})

test('no message lets a member at what belongs to somebody else, and nothing of it is sent to them', async () => {
  const { workplace, ids, request, session, verdict } = await withThings()
  const outsider = await signInSomebodyElse(workplace)
  const socket = await outsider.connect()
  const { sessionId } = ids

  for (const message of [
    promptMessage(sessionId, 'Hello'),
    { type: 'session-interrupt', sessionId },
    { type: 'session-subscribe', sessionId },
    answerTo(request, true),
    { ...answerTo(request, true), type: 'codex-permission-response' },
  ]) {
    socket.send(message)
    expect(await socket.take('error')).toMatchObject({ code: 'NOT_FOUND' })
  }
  socket.send({ type: 'session-unsubscribe', sessionId })
  session.socket.send(answerTo(request, false))
  expect(await verdict).toMatchObject({ outcome: 'denied' })
  session.agent.endTurn()
  await session.socket.take('sessions-updated', (message) => message.session?.state === 'idle')
  await socket.roundTrip()

  expectNoCanary('the socket', socket.received)
})
