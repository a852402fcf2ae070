import { pageOf } from '#protocol/lists'
import { CreatedInvitation, ManagedUser } from '#protocol/users'
import { type ApiAnswer, callApi, type Device, PASSWORD, signIn } from './api-client.ts'
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.ts'
import { insertUser } from './test-database.ts'

/** A server with an owner who is signed in. */
export interface OwnedServer extends TestApp {
  owner: Device
}

export async function startWithOwner(options: TestAppOptions = {}): Promise<OwnedServer> {
  const server = await startTestApp(options)
  await insertUser(server.database, { username: 'ada', password: PASSWORD, role: 'owner' })
  return { ...server, owner: await signIn(server.url) }
}

/** A new invitation's code. */
export async function invite(owner: Device, role: 'member' | 'viewer' = 'member', hours = 24): Promise<CreatedInvitation> {
  return CreatedInvitation.parse((await owner.request('POST', '/users/invitations', { body: { role, hours } })).body)
}

export function accept(url: string, code: string, username = 'bob', password = PASSWORD): Promise<ApiAnswer> {
  return callApi(url, 'POST', '/auth/invitations/accept', { body: { code, username, password } })
}

export function inspect(url: string, code: string): Promise<ApiAnswer> {
  return callApi(url, 'POST', '/auth/invitations/inspect', { body: { code } })
}

export async function changeUser(owner: Device, userId: string, change: object): Promise<ApiAnswer> {
  return owner.request('PATCH', `/users/${userId}`, { body: change })
}

/** The user as the owner's list has them; undefined where it has not. */
export async function managed(owner: Device, userId: string): Promise<ManagedUser | undefined> {
  const { body } = await owner.request('GET', '/users?limit=1000')
  return pageOf(ManagedUser)
    .parse(body)
    .items.find(({ id }) => id === userId)
}
