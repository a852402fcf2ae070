import { ROLE_READS } from '#protocol/permissions'
import type { DomainError } from '../platform/domain-error.ts'
import { ForbiddenError, type Principal } from './principal.ts'
import { asHidden } from './refusal.ts'

/** Whether the principal may see what other users' agents do (ASVS 8.2.2). An API key sees what its user's role sees. */
export function readsAll({ user }: Principal): boolean {
  return ROLE_READS[user.role] === 'all'
}

/**
 * How somebody is refused who wants to act on another user's thing: whoever may read it is told why, to everybody else
 * it does not exist.
 * @param what as in "This session"
 */
export function refusalOfAnothers(principal: Principal, what: string, notFound: DomainError): DomainError {
  return readsAll(principal)
    ? new ForbiddenError(`${what} belongs to somebody else. You may read it; only whoever started it may act in it.`)
    : asHidden(notFound)
}
