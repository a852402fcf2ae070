import type { FastifyRequest } from 'fastify'
import type { Principal } from './principal.ts'
import { UnauthorizedError } from './principal.ts'

/** What API keys start with; access tokens never do. */
export const API_KEY_PREFIX = 'acu_'

/** How a credential becomes a principal. Each throws UnauthorizedError or TokenExpiredError. */
export interface Verifiers {
  accessToken: (token: string) => Promise<Principal>
  /** `address`: where the request came from. */
  apiKey: (key: string, address: string) => Promise<Principal>
  /** In platform mode: whoever serves all requests. Null otherwise. */
  platform: (() => Promise<Principal>) | null
}

export type Authenticate = (request: FastifyRequest) => Promise<void>

/** The hook in front of every route that is not public: sets `request.principal` or refuses. */
export function authentication(verifiers: Verifiers): Authenticate {
  return async (request) => {
    request.principal = await authenticate(request, verifiers)
  }
}

/** Who makes the request. @throws UnauthorizedError | TokenExpiredError */
export async function authenticate({ headers, ip }: FastifyRequest, { accessToken, apiKey, platform }: Verifiers): Promise<Principal> {
  if (platform) return platform()
  const { authorization, 'x-api-key': keyHeader } = headers
  const bearer = authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : ''
  if (bearer.startsWith(API_KEY_PREFIX)) return apiKey(bearer, ip)
  if (bearer !== '') return accessToken(bearer)
  if (typeof keyHeader === 'string' && keyHeader.startsWith(API_KEY_PREFIX)) return apiKey(keyHeader, ip)
  throw new UnauthorizedError()
}
