import type { FastifyRequest } from 'fastify'
import type { Principal } from './principal.ts'
import { UnauthorizedError } from './principal.ts'

/** Checks an access token. @throws UnauthorizedError | TokenExpiredError */
export type VerifyAccessToken = (token: string) => Promise<Principal>

export type Authenticate = (request: FastifyRequest) => Promise<void>

/** The hook in front of every route that is not public: sets `request.principal` or refuses. */
export function authentication(verify: VerifyAccessToken): Authenticate {
  return async (request) => {
    const header = request.headers.authorization
    const token = header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : null
    if (token === null || token === '') throw new UnauthorizedError()
    request.principal = await verify(token)
  }
}
