import { type ApiAnswer, type ApiRequest, callApi, type Device, PASSWORD, signIn } from './api-client.ts'
import type { TestApp } from './test-app.ts'
import { TestClock } from './test-clock.ts'
import { insertUser } from './test-database.ts'
import { startWithOwner } from './user-steps.ts'

/** A server with somebody who is attacked and somebody who attacks. */
export interface AccountStage extends TestApp {
  clock: TestClock
  /** The owner, who is attacked. */
  ada: Device
  /** A member, who attacks. */
  eve: Device
  /** A request without a credential, from an address that nobody used before. */
  stranger: (method: string, path: string, request?: ApiRequest) => Promise<ApiAnswer>
}

export async function startAccountStage(): Promise<AccountStage> {
  const clock = new TestClock()
  const server = await startWithOwner({ clock, environment: { TRUST_PROXY: '127.0.0.1' } })
  await insertUser(server.database, { username: 'eve', password: PASSWORD })
  let addresses = 0
  const stranger = (method: string, path: string, { body, headers }: ApiRequest = {}) => {
    addresses += 1
    return callApi(server.url, method, path, { body, headers: { 'x-forwarded-for': `198.51.100.${String(addresses)}`, ...headers } })
  }
  return { ...server, clock, ada: server.owner, eve: await signIn(server.url, 'eve'), stranger }
}
