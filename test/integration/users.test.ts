import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { type Role, WsTicket } from '#protocol/auth'
import { ApiKeyId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { ManagedUser } from '#protocol/users'
import { callApi, type Device, PASSWORD, signIn } from '../support/api-client.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { inState, promptMessage } from '../support/session-steps.ts'
import { SocketClient } from '../support/socket-client.ts'
import { TestClock } from '../support/test-clock.ts'
import { insertUser } from '../support/test-database.ts'
import { changeUser, managed, type OwnedServer, startWithOwner } from '../support/user-steps.ts'
import { within } from '../support/within.ts'
import { signInSomebodyElse, startSession, startWorkplace } from '../support/workplace.ts'

/*
 * Users as an owner manages them, over HTTP and sockets.
 */

async function withMember(role: Role = 'member') {
  const server = await startWithOwner()
  return { ...server, member: await signInSomebodyElse(server, role) }
}

const logIn = (url: string, username = 'eve') => callApi(url, 'POST', '/auth/login', { body: { username, password: PASSWORD } })
const refresh = (device: Device) => callApi(device.url, 'POST', '/auth/refresh', { headers: { cookie: device.refreshCookie } })
const conflict = { status: 409, body: { code: 'CONFLICT', error: expect.any(String) } }

const Details = z.record(z.string(), z.unknown())

async function actions({ database }: OwnedServer) {
  const entries = await database.selectFrom('audit_log').selectAll().where('action', 'like', 'user.%').orderBy('seq').execute()
  return entries.map(({ action, actor, subject, details }) => ({ action, actor, subject, details: Details.parse(JSON.parse(details)) }))
}

test('an owner sees every user, page by page', async () => {
  const server = await withMember()
  const { owner, member } = server
  await signIn(server.url, 'eve')

  expect(await managed(owner, member.user.id)).toMatchObject({
    username: 'eve',
    role: 'member',
    disabledAt: null,
    secondFactor: false,
    logins: 2,
  })
  const first = await owner.request('GET', '/users?limit=1')
  const { nextCursor } = pageOf(ManagedUser).parse(first.body)
  expect(first).toMatchObject({ status: 200, body: { items: [{}], nextCursor: expect.any(String) } })
  const second = await owner.request('GET', `/users?limit=1&cursor=${encodeURIComponent(nextCursor ?? '')}`)
  expect(second).toMatchObject({ body: { items: [{}], nextCursor: null } })
  expect(second.body).not.toEqual(first.body)
})

test('a change of role holds at once, closes the sockets and leaves the login alive', async () => {
  const server = await withMember()
  const { owner, member } = server
  const socket = await member.connect()
  expect((await member.request('GET', '/folders')).status).toBe(200)

  expect(await changeUser(owner, member.user.id, { role: 'viewer' })).toMatchObject({ status: 200, body: { role: 'viewer' } })

  expect(await within(1000, 'the socket to close', socket.closed)).toMatchObject({ code: 4401 })
  expect(await member.request('GET', '/folders')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  expect(await refresh(member)).toMatchObject({ status: 200, body: { user: { role: 'viewer' } } })
  await (await member.connect()).roundTrip()
  expect(await actions(server)).toEqual([
    {
      action: 'user.role_changed',
      actor: 'ada',
      subject: member.user.id,
      details: { username: 'eve', from: 'member', to: 'viewer' },
    },
  ])
})

test('a disabled user is out at once and for as long as it lasts', async () => {
  const server = await withMember()
  const { owner, member, url, database } = server
  const socket = await member.connect()
  const ticket = await member.request('POST', '/auth/ws-ticket')
  await database
    .insertInto('api_keys')
    .values({
      id: ApiKeyId.parse('key_1'),
      user_id: member.user.id,
      name: 'k',
      prefix: 'acu_',
      hash: 'h',
      scopes: '["read"]',
      created_at: '2026-01-01T00:00:00.000Z',
      expires_at: null,
      last_used_at: null,
      revoked_at: null,
    })
    .execute()

  expect(await changeUser(owner, member.user.id, { disabled: true })).toMatchObject({
    status: 200,
    body: { disabledAt: expect.any(String), logins: 0 },
  })

  expect(await within(1000, 'the socket to close', socket.closed)).toMatchObject({ code: 4401 })
  expect((await member.request('GET', '/auth/user')).status).toBe(401)
  expect((await refresh(member)).status).toBe(401)
  expect(await logIn(url)).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })
  const query = `ticket=${WsTicket.parse(ticket.body).ticket}`
  expect(await SocketClient.refused(url, { query })).toMatchObject({ status: 401 })
  expect(await database.selectFrom('api_keys').select('revoked_at').execute()).toEqual([{ revoked_at: expect.any(String) }])

  expect(await changeUser(owner, member.user.id, { disabled: false })).toMatchObject({ body: { disabledAt: null } })
  // The logins of before do not come back with the account.
  expect((await member.request('GET', '/auth/user')).status).toBe(401)
  expect((await logIn(url)).status).toBe(200)
  expect((await actions(server)).map(({ action }) => action)).toEqual(['user.disabled', 'user.enabled'])
})

test('a removed user is gone, their name is free, their sessions stay for the owner to read', async () => {
  const workplace = await startWorkplace()
  const owner = await signInSomebodyElse(workplace, 'owner', 'olga')
  const { sessionId, agent } = await startSession(workplace)
  await agent.answer('Good day')
  await inState(workplace.device, sessionId, 'idle')
  const { database, device, url } = workplace

  expect((await owner.request('DELETE', `/users/${device.user.id}`)).status).toBe(204)

  expect((await device.request('GET', '/auth/user')).status).toBe(401)
  expect((await logIn(url, 'ada')).status).toBe(401)
  expect(await managed(owner, device.user.id)).toBeUndefined()
  expect((await owner.request('DELETE', `/users/${device.user.id}`)).status).toBe(404)
  expect((await changeUser(owner, device.user.id, { disabled: false })).status).toBe(404)
  expect(await owner.request('GET', `/sessions/${sessionId}`)).toMatchObject({ status: 200, body: { startedBy: { username: 'ada' } } })
  expect(agent.isGone).toBe(true)
  await insertUser(database, { username: 'ada', password: PASSWORD })
  const successor = await signIn(url, 'ada')
  expect((await successor.request('GET', `/sessions/${sessionId}`)).status).toBe(404)
})

test.for([{ role: 'viewer' }, { disabled: true }])(
  'the agents of somebody who becomes %o end, and what they ask is denied',
  async (change) => {
    const workplace = await startWorkplace()
    const owner = await signInSomebodyElse(workplace, 'owner', 'olga')
    const { sessionId, agent } = await startSession(workplace)
    await agent.startTurn()
    const verdict = agent.ask(commandAsk('make'))

    expect((await changeUser(owner, workplace.device.user.id, change)).status).toBe(200)

    expect(await verdict).toMatchObject({ outcome: 'cancelled' })
    expect(agent.isGone).toBe(true)
    await inState(owner, sessionId, 'interrupted')
  },
)

test('the agents of somebody who was disabled on the host, by another process, end soon', async () => {
  const workplace = await startWorkplace({ environment: { AGENT_IDLE_MS: '1000' } })
  const { agent } = await startSession(workplace)
  await agent.startTurn()
  const verdict = agent.ask(commandAsk('make'))

  await workplace.database.updateTable('users').set({ disabled_at: '2026-01-01T00:00:00.000Z' }).execute()

  expect(await verdict).toMatchObject({ outcome: 'cancelled' })
})

test('a prompt that was taken while its sender lost the right reaches no agent', async () => {
  const workplace = await startWorkplace()
  const { sessionId, agent, socket } = await startSession(workplace)
  await agent.answer('Good day')
  await inState(workplace.device, sessionId, 'idle')
  // As if the change were stored between the check of the message and its delivery.
  await workplace.database.updateTable('users').set({ role: 'viewer' }).where('id', '=', workplace.device.user.id).execute()

  socket.send(promptMessage(sessionId, 'Go on'))
  await inState(workplace.device, sessionId, 'exited')

  expect(agent.isGone).toBe(true)
  expect(workplace.provider.opened).toHaveLength(1)
})

test('nobody changes their own rights, and the last owner stays', async () => {
  const { owner, member, ...server } = await withMember('owner')
  const own = owner.user.id

  for (const change of [{ role: 'member' }, { disabled: true }]) expect(await changeUser(owner, own, change)).toMatchObject(conflict)
  expect(await owner.request('DELETE', `/users/${own}`)).toMatchObject(conflict)
  expect((await changeUser(owner, own, { role: 'owner' })).status).toBe(200)

  expect((await changeUser(member, own, { role: 'member' })).status).toBe(200)
  const alone = await changeUser(member, member.user.id, { role: 'viewer' })
  expect(alone).toMatchObject({ status: 409, body: { error: expect.stringContaining('only owner') } })
  expect(await actions({ owner, ...server })).toHaveLength(1)
})

test('of two owners who demote, disable or remove one another at once, one stays', async () => {
  for (const act of [
    (by: Device, of: Device) => changeUser(by, of.user.id, { role: 'member' }),
    (by: Device, of: Device) => changeUser(by, of.user.id, { disabled: true }),
    (by: Device, of: Device) => by.request('DELETE', `/users/${of.user.id}`),
  ]) {
    const { owner, member: other, database } = await withMember('owner')

    const answers = await Promise.all([act(owner, other), act(other, owner)])

    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1)
    const owners = database.selectFrom('users').select('id').where('role', '=', 'owner').where('disabled_at', 'is', null)
    expect(await owners.execute()).toHaveLength(1)
  }
})

test('managing users asks for a fresh proof, and only of owners', async () => {
  const clock = new TestClock()
  const server = await startWithOwner({ clock })
  const { owner } = server
  const member = await signInSomebodyElse(server)

  expect(await changeUser(member, owner.user.id, { role: 'viewer' })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  expect((await member.request('GET', '/users')).status).toBe(403)
  clock.advance(5 * 60_000)
  for (const answer of [
    await changeUser(owner, member.user.id, { role: 'viewer' }),
    await owner.request('DELETE', `/users/${member.user.id}`),
    await owner.request('POST', '/users/invitations', { body: { role: 'member', hours: 1 } }),
  ])
    expect(answer).toMatchObject({ status: 403, body: { code: 'STEP_UP_REQUIRED' } })
  expect((await owner.request('GET', '/users')).status).toBe(200)
})
