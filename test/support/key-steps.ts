import { CreatedApiKey } from '#protocol/api-keys'
import { WsTicket } from '#protocol/auth'
import type { Scope } from '#protocol/permissions'
import { type ApiAnswer, type ApiRequest, callApi, type Device } from './api-client.ts'
import { SocketClient } from './socket-client.ts'

/** A program that acts by an API key. */
export class KeyHolder {
  readonly url: string
  readonly created: CreatedApiKey

  constructor(url: string, created: CreatedApiKey) {
    this.url = url
    this.created = created
  }

  request(method: string, path: string, { body, headers }: ApiRequest = {}): Promise<ApiAnswer> {
    return callApi(this.url, method, path, { body, headers: { authorization: `Bearer ${this.created.key}`, ...headers } })
  }

  async connect(): Promise<SocketClient> {
    const { ticket } = WsTicket.parse((await this.request('POST', '/auth/ws-ticket')).body)
    return SocketClient.connect(this.url, { query: `ticket=${ticket}` })
  }
}

/** Makes an API key of the user who is signed in. @throws Error when the answer is none */
export async function makeKey(device: Device, scopes: Scope[], more: { name?: string; expiresAt?: string } = {}): Promise<KeyHolder> {
  const { body } = await device.request('POST', '/keys', { body: { name: 'build server', scopes, ...more } })
  return new KeyHolder(device.url, CreatedApiKey.parse(body))
}
