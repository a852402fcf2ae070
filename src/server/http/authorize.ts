import type { Permission, Rule } from './permission-table.ts'
import { ForbiddenError, type Principal, StepUpRequiredError } from './principal.ts'

/**
 * Whether the principal may do what the rule guards.
 * @param now milliseconds of the epoch
 * @throws ForbiddenError | StepUpRequiredError
 */
export function authorize(principal: Principal, { permission, stepUp }: Rule, now: number): void {
  if (!mayUse(principal, permission)) throw new ForbiddenError(refusal(principal, permission))
  if (!stepUp) return
  const { credential } = principal
  if (credential.kind !== 'login')
    throw new ForbiddenError('This needs somebody who is signed in and confirms it; an API key or platform mode will not do.')
  if (credential.freshUntil <= now) throw new StepUpRequiredError()
}

function mayUse({ credential, scopes }: Principal, permission: Permission): boolean {
  if (permission === 'public' || permission === 'signed-in') return true
  if (permission === 'account') return credential.kind === 'login'
  return scopes.has(permission)
}

function refusal({ credential, user }: Principal, permission: Permission): string {
  if (permission === 'account')
    return credential.kind === 'platform'
      ? 'Platform mode has no logins. Turn it off to use accounts.'
      : 'An API key cannot manage the account that it belongs to. Sign in instead.'
  if (credential.kind === 'api-key') return `This API key does not have the scope "${permission}". Make one that has, or sign in.`
  return `Your role here (${user.role}) does not allow this. Ask the owner of the installation.`
}
