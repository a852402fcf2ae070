import type { Kysely } from 'kysely'
import type { ChangePassword } from '#protocol/auth'
import type { LoginId } from '#protocol/ids'
import { loginOf, type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { InvalidCredentialsError } from '../auth-errors.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { clientIn, type Visitor } from '../client.ts'
import type { Notices } from '../logins/notices.ts'
import type { LoginThrottle } from '../throttle/login-throttle.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import { costOf } from './bcrypt-cost.ts'
import { replacePassword } from './password-records.ts'
import type { Passwords } from './passwords.ts'

export interface PasswordChangeDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  devices: TrustedDevices
  notices: Notices
  passwords: Passwords
  throttle: LoginThrottle
}

/** The account was made without a password, so there is no old one to prove. */
export class NoPasswordError extends DomainError {
  constructor() {
    super('CONFLICT', 'This account has no password. Set one on the host with: ai-code-ui user reset-password NAME')
  }
}

/** Changes the password of whoever is signed in and knows it. */
export class PasswordChange {
  readonly #deps: PasswordChangeDeps

  constructor(deps: PasswordChangeDeps) {
    this.#deps = deps
  }

  /**
   * Every other login of the user ends, with its tokens and sockets, and other browsers are no longer trusted; the login
   * that asks goes on.
   * @throws InvalidCredentialsError | PasswordRejectedError | TooManyAttemptsError | NoPasswordError | PasswordChangedMeanwhileError
   */
  async change(principal: Principal, { currentPassword, newPassword }: ChangePassword, visitor: Visitor): Promise<void> {
    const { database, bus, passwords } = this.#deps
    const loginId = loginOf(principal)
    const user = await new AuthRepository(database).findUser(principal.user.id)
    if (!user) throw new UnauthorizedError()
    if (costOf(user.password_hash) === null) throw new NoPasswordError()
    await this.#prove(user, currentPassword, visitor)
    await passwords.checkNew(newPassword, { username: user.username, userId: user.id })
    const ended = await this.#store(user, { passwordHash: await passwords.hash(newPassword), loginId, visitor })
    for (const id of ended) bus.publish(ACCESS_ENDED, `login:${id}`)
  }

  /** Guessing here is as slow as guessing at the sign-in, with which it shares its counters. */
  async #prove(user: UserRow, password: string, visitor: Visitor): Promise<void> {
    const { database, clock, passwords, throttle } = this.#deps
    const { deviceToken } = visitor
    const admission = await throttle.admit({ ...clientIn(visitor), account: user.username_key, deviceToken })
    const isRight = await passwords.matches(password, user.password_hash).catch(async (error: unknown) => {
      await admission.refund()
      throw error
    })
    if (isRight) return admission.succeeded()
    const entry = { at: clock.now(), actor: user.username, action: 'auth.password_change_failed' as const, subject: user.id }
    await recordAudit(database, { ...entry, ...clientIn(visitor) })
    throw new InvalidCredentialsError('The current password is wrong.')
  }

  async #store(user: UserRow, made: { passwordHash: string; loginId: LoginId; visitor: Visitor }): Promise<LoginId[]> {
    const { database, clock, devices, notices } = this.#deps
    const { passwordHash, loginId, visitor } = made
    const client = clientIn(visitor)
    const at = clock.now()
    const { ended, notice } = await database.transaction().execute(async (transaction) => {
      const logins = await replacePassword(transaction, {
        user,
        passwordHash,
        at,
        reason: 'password changed',
        exceptLogin: loginId,
        exceptDevice: await devices.find(transaction, visitor.deviceToken, user.username_key),
      })
      const entry = { at, actor: user.username, action: 'auth.password_changed' as const, subject: user.id, ...client }
      await recordAudit(transaction, { ...entry, details: { logins } })
      return { ended: logins, notice: await notices.add(transaction, { userId: user.id, kind: 'password-changed', loginId, ...client }) }
    })
    notices.announce(user.id, notice)
    return ended
  }
}
