import { expect, test } from 'vitest'
import { sha256 } from '../../src/server/auth/random-token.ts'
import { Device, PASSWORD } from '../support/api-client.ts'
import { TestClock } from '../support/test-clock.ts'
import { accept, changeUser, inspect, invite, startWithOwner } from '../support/user-steps.ts'
import { signInSomebodyElse } from '../support/workplace.ts'

/*
 * The way in for everybody but the first.
 */

const refused = { status: 403, body: { code: 'FORBIDDEN', error: expect.stringContaining('not valid any more') } }

test('an invitation makes one account with its role, signed in, and is used then', async () => {
  const { owner, url, database } = await startWithOwner()

  const { code, id, role, expiresAt } = await invite(owner, 'viewer')

  expect(code).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(await database.selectFrom('invitations').selectAll().execute())).not.toContain(code)
  expect(await inspect(url, code)).toMatchObject({ status: 200, body: { role: 'viewer', invitedBy: 'ada', expiresAt } })
  expect(await owner.request('GET', '/users/invitations')).toMatchObject({ body: { items: [{ id, role }], nextCursor: null } })

  const accepted = await accept(url, code)
  expect(accepted).toMatchObject({ status: 201, body: { user: { username: 'bob', role: 'viewer' } } })
  const bob = new Device(url, accepted)
  expect((await bob.request('GET', '/auth/user')).body).toMatchObject({ username: 'bob' })
  expect(bob.refreshCookie).not.toBe('')

  expect(await accept(url, code, 'carl')).toMatchObject(refused)
  expect(await inspect(url, code)).toMatchObject(refused)
  expect(await owner.request('GET', '/users/invitations')).toMatchObject({ body: { items: [] } })
  const audit = await database.selectFrom('audit_log').select(['action', 'actor', 'subject', 'details']).orderBy('seq').execute()
  expect(audit.map(({ action, actor }) => [action, actor]).slice(-5)).toEqual([
    ['user.invited', 'ada'],
    ['user.invitation_accepted', 'bob'],
    ['auth.login', 'bob'],
    ['user.invitation_refused', 'unknown'],
    ['user.invitation_refused', 'unknown'],
  ])
  expect(JSON.stringify(audit)).not.toContain(code)
  expect(JSON.stringify(audit)).not.toContain(sha256(code))
})

test('of many who accept one invitation at once, one gets the account', async () => {
  const { owner, url, database } = await startWithOwner()
  const { code } = await invite(owner)

  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => accept(url, code, `guest${String(index)}`)))

  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 403)])
  expect(await database.selectFrom('users').select('id').where('username', 'like', 'guest%').execute()).toHaveLength(1)
})

test('wrong, expired, revoked and orphaned codes are told alike', async () => {
  const clock = new TestClock()
  const server = await startWithOwner({ clock })
  const { owner, url } = server
  const second = await signInSomebodyElse(server, 'owner')
  const orphaned = await invite(second)
  const expired = await invite(owner, 'member', 1)
  const revoked = await invite(owner)
  expect((await owner.request('DELETE', `/users/invitations/${revoked.id}`)).status).toBe(204)
  expect((await owner.request('DELETE', `/users/invitations/${revoked.id}`)).status).toBe(404)
  expect((await changeUser(owner, second.user.id, { role: 'member' })).status).toBe(200)
  // Also when the role comes back.
  expect((await changeUser(owner, second.user.id, { role: 'owner' })).status).toBe(200)
  clock.advance(3_600_000)

  const wrong = await accept(url, 'no-such-code')
  expect(wrong).toMatchObject(refused)
  for (const { code } of [expired, revoked, orphaned]) {
    expect((await accept(url, code)).body).toEqual(wrong.body)
    expect((await inspect(url, code)).body).toEqual(wrong.body)
  }
})

test('an invitation of an owner who was disabled behind the back of the server is void', async () => {
  const server = await startWithOwner()
  const second = await signInSomebodyElse(server, 'owner')
  const { code } = await invite(second)
  await server.database.updateTable('users').set({ disabled_at: '2026-01-01T00:00:00.000Z' }).where('id', '=', second.user.id).execute()

  expect(await accept(server.url, code)).toMatchObject(refused)
})

test('a name that is taken, however it is written, and a weak password leave the invitation good', async () => {
  const { owner, url } = await startWithOwner()
  const { code } = await invite(owner)

  for (const name of ['ada', 'ADA', 'ａｄａ'])
    expect(await accept(url, code, name)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect(await accept(url, code, 'a:b')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  expect(await accept(url, code, 'bob', 'short')).toMatchObject({ status: 400, body: { code: 'PASSWORD_REJECTED' } })

  expect((await accept(url, code, 'bob', PASSWORD)).status).toBe(201)
})

test('a name in another alphabet that looks like the one of somebody is refused, and one that does not is fine', async () => {
  const { owner, url } = await startWithOwner()
  const { code } = await invite(owner)

  const inCyrillic = '\u0430\u0501\u0430'
  expect(await accept(url, code, inCyrillic)).toMatchObject({ status: 409, body: { error: expect.stringContaining('looks like') } })
  expect((await accept(url, code, 'анна')).status).toBe(201)
})

test('somebody who guesses codes is slowed down', async () => {
  const { url } = await startWithOwner({ clock: new TestClock() })
  const statuses = []
  for (let count = 0; count < 60; count += 1) statuses.push((await inspect(url, `guess-${String(count)}`)).status)

  expect(statuses[0]).toBe(403)
  expect(statuses.at(-1)).toBe(429)
})

test('there are never more than 50 open invitations, and nobody is invited as an owner', async () => {
  const { owner } = await startWithOwner()
  for (let count = 0; count < 50; count += 1) await invite(owner)

  expect(await owner.request('POST', '/users/invitations', { body: { role: 'viewer', hours: 1 } })).toMatchObject({ status: 409 })
  expect(await owner.request('POST', '/users/invitations', { body: { role: 'owner', hours: 1 } })).toMatchObject({ status: 400 })
})
