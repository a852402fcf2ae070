import { expect, test } from 'vitest'
import { SessionId } from '#protocol/ids'
import { AuditLogEntry } from '#protocol/audit'
import { pageOf } from '#protocol/lists'
import { callApi, type Device, PASSWORD, signIn } from '../support/api-client.ts'
import { startMessage } from '../support/session-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { TestClock } from '../support/test-clock.ts'
import { insertSession, insertUser } from '../support/test-database.ts'
import { type OwnedServer, startWithOwner } from '../support/user-steps.ts'
import { eventually } from '../support/within.ts'

interface Refused {
  actor: string
  address: string | null
  device: string | null
  details: Record<string, unknown>
}

async function setup() {
  const clock = new TestClock()
  const server = await startWithOwner({ clock })
  await insertUser(server.database, { username: 'vic', password: PASSWORD, role: 'viewer' })
  await insertUser(server.database, { username: 'mia', password: PASSWORD })
  return { server, clock, viewer: await signIn(server.url, 'vic'), member: await signIn(server.url, 'mia') }
}

async function entries({ owner }: OwnedServer, action = 'access.refused'): Promise<Refused[]> {
  const { body } = await owner.request('GET', `/audit?action=${action}&limit=1000`)
  return pageOf(AuditLogEntry).parse(body).items.toReversed()
}

function entriesAtLeast(server: OwnedServer, count: number, action?: string): Promise<Refused[]> {
  return eventually(`${String(count)} entries`, async () => {
    const found = await entries(server, action)
    return found.length >= count ? found : null
  })
}

const facts = (found: readonly Refused[]) => found.map(({ actor, details }) => [actor, details.where, details.problem])

test('what role, reach and origin forbid is recorded, with who and where', async () => {
  const { server, viewer, member } = await setup()
  const { sessionId } = await insertSession(server.database)
  expect((await viewer.request('POST', '/projects', { body: { path: '/' } })).status).toBe(403)
  expect((await member.request('GET', '/audit')).status).toBe(403)
  expect((await member.request('GET', `/sessions/${sessionId}`)).status).toBe(404)
  expect((await viewer.request('PATCH', `/sessions/${sessionId}`, { body: { title: 'x' } })).status).toBe(403)
  expect((await callApi(server.url, 'POST', '/auth/login', { body: {}, headers: { origin: 'https://evil.example' } })).status).toBe(403)

  const found = await entriesAtLeast(server, 5)
  expect(facts(found)).toEqual([
    ['vic', 'POST /projects', 'FORBIDDEN'],
    ['mia', 'GET /audit', 'FORBIDDEN'],
    ['mia', 'GET /sessions/:sessionId', 'NOT_FOUND'],
    ['vic', 'PATCH /sessions/:sessionId', 'FORBIDDEN'],
    ['unknown', 'POST /auth/login', 'ORIGIN_NOT_ALLOWED'],
  ])
  expect(found[0]).toMatchObject({ address: '127.0.0.1', device: expect.stringContaining('Firefox') })
})

test('a session that nobody has is not found and no refusal', async () => {
  const { server, viewer, member } = await setup()
  expect((await member.request('GET', `/sessions/${SessionId.parse('ses_0000000000000000')}`)).status).toBe(404)
  await viewer.request('POST', '/projects', { body: { path: '/' } })
  expect(facts(await entriesAtLeast(server, 1))).toEqual([['vic', 'POST /projects', 'FORBIDDEN']])
})

test('a wrong token is recorded without it; none, an old one and the question for a proof are not', async () => {
  const { server, clock, viewer } = await setup()
  const wrong = `${viewer.token.slice(0, -8)}AAAAAAAA`
  expect((await callApi(server.url, 'GET', '/sessions')).status).toBe(401)
  expect((await server.owner.request('POST', '/users/invitations', { body: { role: 'member', hours: 1 } })).body).toHaveProperty('code')
  clock.advance(6 * 60_000)
  expect((await server.owner.request('POST', '/users/invitations', { body: { role: 'member', hours: 1 } })).body).toMatchObject({
    code: 'STEP_UP_REQUIRED',
  })
  expect((await callApi(server.url, 'GET', '/sessions', { headers: { authorization: `Bearer ${wrong}` } })).status).toBe(401)

  const found = await entriesAtLeast(server, 1)
  expect(facts(found)).toEqual([['unknown', 'GET /sessions', 'UNAUTHORIZED']])
  expect(JSON.stringify(found)).not.toContain(wrong.slice(-24))
})

test('a socket that is not opened and a message that is not obeyed are recorded', async () => {
  const { server, viewer } = await setup()
  await SocketClient.refused(server.url, { query: 'token=nonsense' })
  await SocketClient.refused(server.url, { query: 'ticket=nonsense' })
  await SocketClient.refused(server.url, { query: `token=${viewer.token}`, origin: 'https://evil.example' })
  const socket = await viewer.connect()
  socket.send(startMessage('prj_0000000000000000'))
  expect(await socket.take('error')).toMatchObject({ code: 'FORBIDDEN' })

  expect(facts(await entriesAtLeast(server, 3))).toEqual([
    ['unknown', '/ws', 'UNAUTHORIZED'],
    ['unknown', '/ws', 'ORIGIN_NOT_ALLOWED'],
    ['vic', 'message session-start', 'FORBIDDEN'],
  ])
})

test('a flood of one kind is two entries a minute, and of many kinds a few and one with their sum', async () => {
  const { server, clock, viewer, member } = await setup()
  const refuse = (device: Device, path: string) => device.request('GET', path)
  for (let times = 0; times < 30; times += 1) await refuse(viewer, '/audit')
  const origins = Array.from({ length: 40 }, (_, index) => `https://evil-${String(index)}.example`)
  for (const [index, origin] of origins.entries())
    await callApi(server.url, index % 2 === 0 ? 'POST' : 'GET', index % 3 === 0 ? '/users' : '/keys', { headers: { origin } })
  for (const path of ['/users', '/users/invitations', '/audit/verification', '/audit/export']) await refuse(member, path)
  clock.advance(60_000)
  await refuse(member, '/audit')

  const found = await entriesAtLeast(server, 9)
  const again = found.filter(({ details }) => details.again !== undefined)
  expect(again.find(({ details }) => details.where === 'GET /audit')).toMatchObject({ actor: 'vic', details: { again: 29 } })
  expect(found.length).toBeLessThan(20)
})
