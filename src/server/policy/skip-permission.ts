import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { PolicyPreset, PolicyRule } from '#protocol/policy'
import { ForbiddenError, type Principal, StepUpRequiredError } from '../http/principal.ts'
import type { Clock } from '../platform/clock.ts'
import { holds, prepareRule } from './rule-match.ts'

/** The session that is to skip approvals; null before it is made. */
export interface SkipPlace {
  userId: UserId
  projectId: ProjectId
  sessionId: SessionId | null
  provider: ProviderId
}

export interface SkipPermissionDeps {
  policy: () => Promise<{ preset: PolicyPreset; rules: readonly PolicyRule[] }>
  clock: Clock
  /** Who the credential of a principal makes them now, by the registry of logins. @throws UnauthorizedError when its access has ended */
  recheck: (principal: Principal) => Promise<Principal>
}

/** Who may let a session skip approvals: an owner who just proved who they are, unless the policy is against it. */
export class SkipPermission {
  readonly #deps: SkipPermissionDeps

  constructor(deps: SkipPermissionDeps) {
    this.#deps = deps
  }

  /**
   * What a socket holds of its login may be old, so the login is asked for anew.
   * @throws ForbiddenError | StepUpRequiredError | UnauthorizedError
   */
  async check(principal: Principal, place: SkipPlace): Promise<void> {
    const { credential } = principal
    if (credential.kind !== 'login')
      throw new ForbiddenError('Only somebody who is signed in may skip approvals; an API key or platform mode will not do.')
    const present = await this.#deps.recheck(principal)
    const refusal = await this.refusal(present, place)
    if (refusal !== null) throw new ForbiddenError(refusal)
    const freshUntil = present.credential.kind === 'login' ? present.credential.freshUntil : 0
    if (freshUntil <= this.#deps.clock.now().getTime()) throw new StepUpRequiredError()
  }

  /** Why approvals may not, or not any more, be skipped for this principal, as a sentence; null where they may. */
  async refusal({ user, scopes }: Principal, place: SkipPlace): Promise<string | null> {
    if (user.role !== 'owner' || !scopes.has('approve')) return 'Only owners may skip approvals. Choose another mode.'
    const { preset, rules } = await this.#deps.policy()
    if (preset === 'read-only') return 'The preset "read-only" of the policy lets no session skip approvals.'
    const context = { ...place, mode: 'bypassPermissions' as const }
    const now = this.#deps.clock.now()
    const forbidding = rules.find((rule) => isAboutEverything(rule) && holds(prepareRule(rule), context, now))
    if (forbidding === undefined) return null
    return `A rule of ${forbidding.author} forbids to skip approvals${forbidding.reason === '' ? '.' : `: ${forbidding.reason}`}`
  }
}

/** A rule that denies every call in the mode forbids the mode. */
function isAboutEverything({ decision, match: { tools, command, paths, domains, exact } }: PolicyRule): boolean {
  return (
    decision === 'deny' && tools?.includes('*') === true && [command, paths, domains, exact].every((narrower) => narrower === undefined)
  )
}
