import type { Kysely } from 'kysely'
import type { Freshness, PasskeyChallenge, StepUpRequest } from '#protocol/factors'
import { loginOf, type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { LOGIN_CHANGED } from '../../platform/topics.ts'
import { InvalidCodeError, InvalidCredentialsError } from '../auth-errors.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { clientIn, type Site, type Visitor } from '../client.ts'
import { freshUntil } from '../logins/login-registry.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Admission, LoginThrottle } from '../throttle/login-throttle.ts'
import type { PasskeyCheck } from './passkey-check.ts'
import { requirePasskeySite } from './passkey-site.ts'
import type { SecondFactors } from './second-factors.ts'

export interface StepUpDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  passwords: Passwords
  throttle: LoginThrottle
  factors: SecondFactors
  passkeys: PasskeyCheck
}

/**
 * The fresh proof that it is still the same person (ASVS 7.5.1): makes one login fresh for five minutes. Where the account
 * has a second factor the password will not do, since whoever watched the login may know it.
 */
export class StepUp {
  readonly #deps: StepUpDeps

  constructor(deps: StepUpDeps) {
    this.#deps = deps
  }

  /** @throws DomainError CONFLICT where no passkey of the user works at this address */
  async challenge(principal: Principal, site: Site): Promise<PasskeyChallenge> {
    requirePasskeySite(site)
    const challenge = await this.#deps.passkeys.ask({ purpose: 'step-up', userId: principal.user.id, site })
    if (challenge) return challenge
    throw new DomainError(
      'CONFLICT',
      `None of your passkeys was made for ${site.rpId}. Use another factor, or open the product where you made one.`,
    )
  }

  /** @throws InvalidCredentialsError | SecondFactorRequiredError | InvalidCodeError | TooManyAttemptsError | DomainError BAD_REQUEST */
  async confirm(principal: Principal, given: StepUpRequest, visitor: Visitor): Promise<Freshness> {
    const { database, clock, bus, throttle } = this.#deps
    const loginId = loginOf(principal)
    const user = await new AuthRepository(database).findUser(principal.user.id)
    if (!user) throw new UnauthorizedError()
    const prove = await this.#proofFrom(user, given, visitor)
    const admission = await throttle.admit({ ...clientIn(visitor), account: user.username_key, deviceToken: visitor.deviceToken })
    const method = await prove().catch((error: unknown) => refundUnlessWrong(error, admission))
    await admission.succeeded()
    const at = clock.now()
    await database.transaction().execute(async (transaction) => {
      await new AuthRepository(transaction).freshenLogin(loginId, at.toISOString())
      const entry = {
        at,
        actor: user.username,
        action: 'auth.step_up' as const,
        subject: loginId,
        details: { method },
        ...clientIn(visitor),
      }
      await recordAudit(transaction, entry)
    })
    bus.publish(LOGIN_CHANGED, loginId)
    return { freshUntil: new Date(freshUntil(at.toISOString())).toISOString() }
  }

  /** How to check what was given. @throws SecondFactorRequiredError | DomainError BAD_REQUEST for what cannot prove anything */
  async #proofFrom(user: UserRow, { password, code, passkey }: StepUpRequest, visitor: Visitor): Promise<() => Promise<string>> {
    const { factors } = this.#deps
    const { site } = visitor
    const owner = { id: user.id, username: user.username, ...clientIn(visitor) }
    const kinds = await factors.kindsOf(user.id)
    if (kinds.length > 0) {
      if (code === undefined && passkey === undefined) throw await factors.asked(owner, 'step-up', { kinds, site })
      return () => factors.prove(owner, { code: code ?? null, passkey: passkey ?? null }, { purpose: 'step-up', site })
    }
    if (password === undefined) throw new DomainError('BAD_REQUEST', 'Send the password: the account has no second factor.')
    return () => this.#provePassword(user, password, visitor)
  }

  async #provePassword(user: UserRow, password: string, visitor: Visitor): Promise<'password'> {
    if (await this.#deps.passwords.matches(password, user.password_hash)) return 'password'
    const { database, clock } = this.#deps
    const entry = {
      at: clock.now(),
      actor: user.username,
      action: 'auth.step_up_failed' as const,
      subject: user.id,
      details: { method: 'password' },
    }
    await recordAudit(database, { ...entry, ...clientIn(visitor) })
    throw new InvalidCredentialsError('The password is wrong.')
  }
}

/** What failed for another reason, as when the server is too busy to look at it, was no guess. */
async function refundUnlessWrong(error: unknown, admission: Admission): Promise<never> {
  if (!(error instanceof InvalidCredentialsError || error instanceof InvalidCodeError)) await admission.refund()
  throw error
}
