import type { Kysely } from 'kysely'
import type { Freshness, StepUpRequest } from '#protocol/factors'
import { loginOf, type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { LOGIN_CHANGED } from '../../platform/topics.ts'
import { InvalidCredentialsError } from '../auth-errors.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { clientIn, type Visitor } from '../client.ts'
import { freshUntil } from '../logins/login-registry.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { LoginThrottle } from '../throttle/login-throttle.ts'

export interface StepUpDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  passwords: Passwords
  throttle: LoginThrottle
}

/** The fresh proof that it is still the same person (ASVS 7.5.1): makes one login fresh for five minutes. */
export class StepUp {
  readonly #deps: StepUpDeps

  constructor(deps: StepUpDeps) {
    this.#deps = deps
  }

  /** @throws InvalidCredentialsError | TooManyAttemptsError | DomainError BAD_REQUEST */
  async confirm(principal: Principal, given: StepUpRequest, visitor: Visitor): Promise<Freshness> {
    const { database, clock, bus, throttle } = this.#deps
    const loginId = loginOf(principal)
    const user = await new AuthRepository(database).findUser(principal.user.id)
    if (!user) throw new UnauthorizedError()
    const admission = await throttle.admit({ address: visitor.address, account: user.username_key, deviceToken: visitor.deviceToken })
    const method = await this.#prove(user, given, visitor)
    await admission.succeeded()
    const at = clock.now()
    await database.transaction().execute(async (transaction) => {
      await new AuthRepository(transaction).freshenLogin(loginId, at.toISOString())
      const entry = { at, actor: user.username, action: 'auth.step_up', subject: loginId, details: { method }, ...clientIn(visitor) }
      await recordAudit(transaction, entry)
    })
    bus.publish(LOGIN_CHANGED, loginId)
    return { freshUntil: new Date(freshUntil(at.toISOString())).toISOString() }
  }

  async #prove(user: UserRow, { password }: StepUpRequest, visitor: Visitor): Promise<string> {
    if (password === undefined) throw new DomainError('BAD_REQUEST', 'Send the password: the account has no second factor.')
    if (await this.#deps.passwords.matches(password, user.password_hash)) return 'password'
    const { database, clock } = this.#deps
    const entry = { at: clock.now(), actor: user.username, action: 'auth.step_up_failed', details: { method: 'password' } }
    await recordAudit(database, { ...entry, ...clientIn(visitor) })
    throw new InvalidCredentialsError('The password is wrong.')
  }
}
