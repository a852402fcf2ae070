import * as z from 'zod/mini'
import type { Role } from '#protocol/auth'
import { LoginId } from '#protocol/ids'
import { ROLE_SCOPES, Scope } from '#protocol/permissions'
import type { Rule } from '../../src/server/http/permission-table.ts'
import { callApi, type Device, PASSWORD, signIn } from './api-client.ts'
import { makeKey } from './key-steps.ts'
import { TestClock } from './test-clock.ts'
import { insertUser } from './test-database.ts'
import { changeUser } from './user-steps.ts'
import { startWorkplace, type Workplace } from './workplace.ts'

/** What a visitor's credential is worth, said without a look at the code that decides it. */
export interface Standing {
  kind: 'none' | 'expired' | 'ended' | 'login' | 'key'
  scopes: readonly Scope[]
  /** Whether the login was proven within the last five minutes. */
  isFresh: boolean
}

/** Somebody who sends requests. */
export interface Visitor extends Standing {
  name: string
  /** What goes into `Authorization: Bearer` now; null for nothing. */
  secret: () => Promise<string | null>
}

/** Codes that refuse somebody for who they are. `through`: anything else, be it a success or a failure of the request itself. */
export type Verdict = 'UNAUTHORIZED' | 'TOKEN_EXPIRED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED' | 'through'

/** What the permission table says must happen to a visitor, for everything that is not public. */
export function verdictOf({ permission, stepUp }: Rule, { kind, scopes, isFresh }: Standing): Verdict {
  if (kind === 'none' || kind === 'ended') return 'UNAUTHORIZED'
  if (kind === 'expired') return 'TOKEN_EXPIRED'
  if (!mayUse(permission, kind, scopes)) return 'FORBIDDEN'
  if (!stepUp) return 'through'
  if (kind === 'key') return 'FORBIDDEN'
  return isFresh ? 'through' : 'STEP_UP_REQUIRED'
}

function mayUse(permission: Rule['permission'], kind: 'login' | 'key', scopes: readonly Scope[]): boolean {
  if (permission === 'public' || permission === 'signed-in') return true
  if (permission === 'account') return kind === 'login'
  return scopes.includes(permission)
}

export interface Crowd extends Workplace {
  visitors: Visitor[]
}

/** A server and everybody who can come to it. Its clock stands still, so that what is fresh stays so. */
export async function gatherCrowd(): Promise<Crowd> {
  const clock = new TestClock()
  // A request can say where it comes from: no limit of an address answers in place of the permissions.
  const workplace = await startWorkplace({ clock, environment: { TRUST_PROXY: '127.0.0.1' } })
  const { url } = workplace
  for (const role of ['owner', 'member', 'viewer'] as const) await addUser(workplace, role, role)
  const expired = await signIn(url, 'owner')
  clock.advance(20 * 60_000)
  const owner = await signIn(url, 'owner')
  return {
    ...workplace,
    visitors: [
      { ...nobody, name: 'no one' },
      { ...nobody, name: 'an expired token', kind: 'expired', secret: async () => expired.token },
      ...(await formerUsers(workplace, owner)),
      ...roles.flatMap((role) => [true, false].map((isFresh) => signedIn(workplace, role, isFresh))),
      ...(await keyHolders(owner)),
      await demotedKey(workplace, owner),
    ],
  }
}

const roles: readonly Role[] = ['viewer', 'member', 'owner']
const nobody = { kind: 'none', scopes: [], isFresh: false, secret: async () => null } as const

async function addUser({ database, url }: Workplace, username: string, role: Role): Promise<Device> {
  await insertUser(database, { username, password: PASSWORD, role })
  return signIn(url, username)
}

/** A login that is replaced once a request ended it. */
function signedIn({ database, url }: Workplace, role: Role, isFresh: boolean): Visitor {
  let device: Device | null = null
  return {
    name: `${role}, ${isFresh ? 'fresh' : 'not fresh'}`,
    kind: 'login',
    scopes: ROLE_SCOPES[role],
    isFresh,
    secret: async () => {
      if (device !== null && (await device.request('GET', '/auth/user')).status === 200) return device.token
      device = await signIn(url, role)
      const old = { fresh_at: '2026-01-01T00:00:00.000Z' }
      if (!isFresh) await database.updateTable('logins').set(old).where('id', '=', loginIn(device.token)).execute()
      return device.token
    },
  }
}

async function keyHolders(owner: Device): Promise<Visitor[]> {
  const holders = Scope.options.map(async (scope): Promise<Visitor> => {
    const { created } = await makeKey(owner, [scope])
    return { name: `an owner's key for ${scope}`, kind: 'key', scopes: [scope], isFresh: false, secret: async () => created.key }
  })
  return Promise.all(holders)
}

/** A key that may do what its user may not any more. */
async function demotedKey(workplace: Workplace, owner: Device): Promise<Visitor> {
  const member = await addUser(workplace, 'demoted', 'member')
  const { created } = await makeKey(member, [...ROLE_SCOPES.member])
  await changeUser(owner, member.user.id, { role: 'viewer' })
  return { name: 'the key of a demoted member', kind: 'key', scopes: ROLE_SCOPES.viewer, isFresh: false, secret: async () => created.key }
}

async function formerUsers(workplace: Workplace, owner: Device): Promise<Visitor[]> {
  const disabled = await addUser(workplace, 'disabled', 'owner')
  const { created } = await makeKey(disabled, [...ROLE_SCOPES.owner])
  await changeUser(owner, disabled.user.id, { disabled: true })
  const removed = await addUser(workplace, 'removed', 'owner')
  await owner.request('DELETE', `/users/${removed.user.id}`)
  return [
    { ...nobody, name: 'a disabled owner', kind: 'ended', secret: async () => disabled.token },
    { ...nobody, name: 'the key of a disabled owner', kind: 'ended', secret: async () => created.key },
    { ...nobody, name: 'a removed owner', kind: 'ended', secret: async () => removed.token },
  ]
}

/** The login of an access token. */
function loginIn(token: string): LoginId {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return z.object({ sid: LoginId }).parse(claims).sid
}

let lastAddress = 0

/** A request of a visitor, from an address that nobody came from before. */
export async function visit(url: string, visitor: Visitor, { method, path, body }: { method: string; path: string; body?: unknown }) {
  const secret = await visitor.secret()
  lastAddress += 1
  const from = `10.${String(lastAddress >> 16)}.${String((lastAddress >> 8) & 255)}.${String(lastAddress & 255)}`
  const headers = { 'x-forwarded-for': from, ...(secret === null ? {} : { authorization: `Bearer ${secret}` }) }
  return callApi(url, method, path, { headers, ...(body === undefined ? {} : { body }) })
}
