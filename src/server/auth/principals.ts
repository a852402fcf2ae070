import type { ApiKeyId, LoginId } from '#protocol/ids'
import type { Principal } from '../http/principal.ts'

/** What stands behind a socket: how it was let in. */
export type CredentialRef = { kind: 'login'; loginId: LoginId } | { kind: 'api-key'; keyId: ApiKeyId } | { kind: 'platform' }

/** Each reads the database, and throws UnauthorizedError when access has ended. */
export interface PrincipalSources {
  login: (id: LoginId) => Promise<Principal>
  apiKey: (id: ApiKeyId) => Promise<Principal>
  platform: () => Promise<Principal>
}

/** Who a credential stands for, asked when nobody shows it: for tickets, and for sockets that stay open. */
export class Principals {
  readonly #sources: PrincipalSources

  constructor(sources: PrincipalSources) {
    this.#sources = sources
  }

  /** @throws UnauthorizedError when access has ended */
  of(credential: CredentialRef): Promise<Principal> {
    switch (credential.kind) {
      case 'login':
        return this.#sources.login(credential.loginId)
      case 'api-key':
        return this.#sources.apiKey(credential.keyId)
      case 'platform':
        return this.#sources.platform()
    }
  }
}
