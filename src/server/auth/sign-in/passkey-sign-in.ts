import type { Kysely } from 'kysely'
import type { PasskeyAnswer, PasskeyChallenge } from '#protocol/factors'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { RateLimiter } from '../../platform/rate-limiter.ts'
import type { Tables } from '../../platform/schema.ts'
import { InvalidCodeError, TooManyAttemptsError } from '../auth-errors.ts'
import { AuthRepository } from '../auth-repository.ts'
import { clientIn, type Visitor } from '../client.ts'
import type { PasskeyCheck, PasskeyVerdict } from '../factors/passkey-check.ts'
import { requirePasskeySite } from '../factors/passkey-site.ts'
import type { LoginService, SignedIn } from '../logins/login-service.ts'
import type { Notices } from '../logins/notices.ts'
import { networkOf } from '../../platform/network-of.ts'
import type { LoginThrottle } from '../throttle/login-throttle.ts'
import { tellOfFailures } from './tell-of-failures.ts'

export interface PasskeySignInDeps {
  database: Kysely<Tables>
  clock: Clock
  passkeys: PasskeyCheck
  logins: LoginService
  throttle: LoginThrottle
  notices: Notices
}

/** Signing in with a passkey alone: the key, and the finger or PIN that unlocks it, are two factors in one. */
export class PasskeySignIn {
  readonly #deps: PasskeySignInDeps
  /** A sign-in page asks once when it opens, so this is for whoever asks for the sake of it. */
  readonly #challenges: RateLimiter

  constructor(deps: PasskeySignInDeps) {
    this.#deps = deps
    this.#challenges = new RateLimiter({ clock: deps.clock, capacity: 30, perSecond: 0.5 })
  }

  /** @throws DomainError CONFLICT where browsers offer no passkeys | TooManyAttemptsError */
  async challenge({ site, address }: Visitor): Promise<PasskeyChallenge> {
    requirePasskeySite(site)
    const waitSeconds = this.#challenges.take(networkOf(address))
    if (waitSeconds > 0) throw new TooManyAttemptsError(waitSeconds)
    const challenge = await this.#deps.passkeys.ask({ purpose: 'sign-in', userId: null, site })
    if (!challenge) throw new InvalidCodeError()
    return challenge
  }

  /** @throws InvalidCodeError, also for a user who may not sign in | TooManyAttemptsError */
  async login(answer: PasskeyAnswer, visitor: Visitor): Promise<SignedIn> {
    const { database, passkeys, logins, throttle } = this.#deps
    const admission = await throttle.admit({ ...clientIn(visitor), account: null, deviceToken: visitor.deviceToken })
    const verdict = await passkeys.verify(answer, { purpose: 'sign-in', userId: null, site: visitor.site })
    const user = verdict.userId === null ? undefined : await new AuthRepository(database).findUser(verdict.userId)
    if (!verdict.isRight || user?.disabled_at !== null || user.removed_at !== null) {
      await this.#recordFailure(user?.username ?? 'unknown', verdict, visitor)
      throw new InvalidCodeError('This passkey was not accepted. Sign in with your name and password.')
    }
    await admission.succeeded()
    const signedIn = await logins.open(user.id, clientIn(visitor), 'passkey')
    await tellOfFailures(this.#deps, user)
    return signedIn
  }

  async #recordFailure(actor: string, verdict: PasskeyVerdict, visitor: Visitor): Promise<void> {
    const { database, clock } = this.#deps
    const reason = verdict.isRight ? 'account disabled' : verdict.reason
    const details = { method: 'passkey', reason }
    await recordAudit(database, { at: clock.now(), actor, action: 'auth.login_failed', ...clientIn(visitor), details })
  }
}
