import type { Kysely } from 'kysely'
import type { LoginRequest, RegisterRequest } from '#protocol/auth'
import { UserId } from '#protocol/ids'
import type { Principal } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { InvalidCredentialsError, RegistrationRefusedError, SecondFactorRequiredError } from '../auth-errors.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { type Client, clientIn, type Visitor } from '../client.ts'
import type { SecondFactors } from '../factors/second-factors.ts'
import type { LoginRegistry } from '../logins/login-registry.ts'
import type { LoginService, SignedIn } from '../logins/login-service.ts'
import type { Notices } from '../logins/notices.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Admission, LoginThrottle } from '../throttle/login-throttle.ts'
import { usernameKey } from '../username-key.ts'
import type { SetupCode } from './setup-code.ts'
import { tellOfFailures } from './tell-of-failures.ts'

export interface SignInServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  notices: Notices
  passwords: Passwords
  throttle: LoginThrottle
  factors: SecondFactors
  logins: LoginService
  registry: LoginRegistry
  setupCode: SetupCode
  onFirstAccount: (principal: Principal) => Promise<void>
}

/** The ways in: the first account and the password. */
export class SignInService {
  readonly #deps: SignInServiceDeps

  constructor(deps: SignInServiceDeps) {
    this.#deps = deps
  }

  async needsSetup(): Promise<boolean> {
    return !(await new AuthRepository(this.#deps.database).hasAccounts())
  }

  /**
   * Makes the first account.
   * @throws RegistrationRefusedError | PasswordRejectedError | TooManyAttemptsError
   */
  async register({ username, password, setupCode }: RegisterRequest, visitor: Visitor): Promise<SignedIn> {
    const { database, clock, passwords, throttle, logins, registry } = this.#deps
    const client = clientIn(visitor)
    if (!(await this.needsSetup()))
      throw new RegistrationRefusedError('There is an account already. Sign in, or ask its owner for an invitation.')
    const admission = await throttle.admit({ ...clientIn(visitor), account: null, deviceToken: null })
    if (!this.#deps.setupCode.matches(setupCode)) {
      await recordAudit(database, { at: clock.now(), actor: 'unknown', action: 'auth.register_refused', ...client })
      throw new RegistrationRefusedError(
        'The setup code is not right. It was printed on the host when the server started and is kept there in the file setup-code of the data folder.',
      )
    }
    await admission.succeeded()
    await passwords.checkNew(password, { username, userId: null })
    const passwordHash = await passwords.hash(password)
    const userId = await database.transaction().execute(async (transaction) => {
      const repository = new AuthRepository(transaction)
      // Looked at again inside the transaction: of two who know the code, one becomes the owner.
      if (await repository.hasAccounts()) throw new RegistrationRefusedError('There is an account already. Sign in instead.')
      const at = clock.now()
      // What was done in platform mode before goes on in the new owner's name.
      const local = await repository.findLocalUser()
      const user = newUser({ id: local?.id ?? UserId.parse(newId('usr')), username, passwordHash, role: 'owner', at })
      if (local) await repository.claimUser(local.id, user)
      else await repository.insertUser(user)
      const details = { tookOver: local?.username ?? null }
      await recordAudit(transaction, { at, actor: user.username, action: 'auth.registered', subject: user.id, ...client, details })
      return user.id
    })
    this.#deps.setupCode.discard()
    const signedIn = await logins.open(userId, client, 'setup')
    await this.#deps.onFirstAccount(await registry.principal(signedIn.loginId))
    return signedIn
  }

  /** @throws InvalidCredentialsError | SecondFactorRequiredError | InvalidCodeError | TooManyAttemptsError */
  async login({ username, password, totp, passkey }: LoginRequest, visitor: Visitor): Promise<SignedIn> {
    const { database, factors, logins, passwords, throttle } = this.#deps
    const key = usernameKey(username)
    const client = clientIn(visitor)
    const admission = await throttle.admit({ ...clientIn(visitor), account: key, deviceToken: visitor.deviceToken })
    const user = await new AuthRepository(database).findUserByKey(key)
    const isRight = await passwords
      .matches(password, user?.password_hash ?? null, { isStranger: !admission.isTrusted })
      .catch((error: unknown) => refundUnread(error, admission))
    if (!user || !isRight || user.disabled_at !== null) {
      await this.#recordFailure(user, client)
      throw new InvalidCredentialsError()
    }
    const method = await factors
      .check(user, { code: totp ?? null, passkey: passkey ?? null }, { ...client, site: visitor.site })
      .catch((error: unknown) => refundIfAsked(error, admission))
    await admission.succeeded()
    await passwords.upgrade(user, password)
    const signedIn = await logins.open(user.id, client, method, user)
    await tellOfFailures(this.#deps, user)
    return signedIn
  }

  async #recordFailure(user: UserRow | undefined, client: Client): Promise<void> {
    // A name that belongs to nobody is not written down: people type passwords into the wrong field.
    const actor = user?.username ?? 'unknown'
    await recordAudit(this.#deps.database, { at: this.#deps.clock.now(), actor, action: 'auth.login_failed', ...client })
  }
}

/** A right password that lacks the second factor was no guess; a wrong code was one. */
async function refundIfAsked(error: unknown, admission: Admission): Promise<never> {
  if (error instanceof SecondFactorRequiredError) await admission.refund()
  throw error
}

/** A password that nobody looked at, as when too many wait for that, was no guess. */
async function refundUnread(error: unknown, admission: Admission): Promise<never> {
  await admission.refund()
  throw error
}

/** A row for a user who was never here. */
export function newUser({
  id,
  username,
  passwordHash,
  role,
  at,
}: {
  id: UserId
  username: string
  passwordHash: string
  role: UserRow['role']
  at: Date
}) {
  return {
    id,
    username: username.normalize('NFKC'),
    username_key: usernameKey(username),
    password_hash: passwordHash,
    role,
    created_at: at.toISOString(),
    last_login_at: null,
    disabled_at: null,
    removed_at: null,
    password_changed_at: at.toISOString(),
  }
}
