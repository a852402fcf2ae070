import type { FastifyRequest } from 'fastify'
import type { User } from '#protocol/auth'
import type { LoginId } from '#protocol/ids'
import { DomainError } from '../platform/domain-error.ts'

/** Who makes a request: a user through one of their logins. */
export interface Principal {
  user: User
  loginId: LoginId
  /** Name of the device, such as `Chrome on Android`. */
  device: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route that is not public runs. */
    principal: Principal | null
  }
}

/** The request carries no valid sign-in. */
export class UnauthorizedError extends DomainError {
  constructor(message = 'Sign in first.') {
    super('UNAUTHORIZED', message)
  }
}

/** The access token was good once; the caller refreshes it and tries again. */
export class TokenExpiredError extends DomainError {
  constructor() {
    super('TOKEN_EXPIRED', 'The access token has expired. Refresh it and try again.')
  }
}

/**
 * Who made the request.
 * @throws UnauthorizedError on a route that is public
 */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new UnauthorizedError()
  return request.principal
}
