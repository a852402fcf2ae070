import type { FastifyRequest } from 'fastify'
import type { User } from '#protocol/auth'
import type { ApiKeyId, LoginId } from '#protocol/ids'
import type { Scope } from '#protocol/permissions'
import { DomainError } from '../platform/domain-error.ts'

/** By what a request was let in. */
export type Credential =
  /** `freshUntil`: milliseconds of the epoch until which the login counts as freshly proven; 0 for not at all. */
  | { kind: 'login'; loginId: LoginId; freshUntil: number }
  | { kind: 'api-key'; keyId: ApiKeyId }
  /** Platform mode: nobody was asked. */
  | { kind: 'platform' }

/** Who makes a request, and what the role and the credential together let them do. */
export interface Principal {
  user: User
  credential: Credential
  scopes: ReadonlySet<Scope>
  /** Name of the device, such as `Chrome on Android`, or of the API key. */
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
  constructor(message = 'Sign in first.', details?: Record<string, unknown>) {
    super('UNAUTHORIZED', message, details === undefined ? {} : { details })
  }
}

/** The access token was good once; the caller refreshes it and tries again. */
export class TokenExpiredError extends DomainError {
  constructor() {
    super('TOKEN_EXPIRED', 'The access token has expired. Refresh it and try again.')
  }
}

/** Signed in, and not allowed to do this. */
export class ForbiddenError extends DomainError {
  constructor(message: string) {
    super('FORBIDDEN', message)
  }
}

/** Allowed, after a fresh proof that it is the same person. */
export class StepUpRequiredError extends DomainError {
  constructor() {
    super('STEP_UP_REQUIRED', 'Confirm that it is you, then do this again.')
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

/**
 * The login that made the request.
 * @throws ForbiddenError for an API key and in platform mode, which have none
 */
export function loginOf({ credential }: Principal): LoginId {
  if (credential.kind !== 'login')
    throw new ForbiddenError('This needs somebody who is signed in; an API key or platform mode will not do.')
  return credential.loginId
}
