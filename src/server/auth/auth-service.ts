import { createHash, randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { LoginRequest, RegisterRequest, User, WsTicket } from '#protocol/auth'
import { LoginId, UserId } from '#protocol/ids'
import { type Principal, UnauthorizedError } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import { newId } from '../platform/new-id.ts'
import type { RateLimiter } from '../platform/rate-limiter.ts'
import type { Tables } from '../platform/schema.ts'
import type { AccessTokens } from './access-tokens.ts'
import { InvalidCredentialsError, RefreshReusedError, RegistrationRefusedError, TooManyAttemptsError } from './auth-errors.ts'
import { AuthRepository, type UserRow } from './auth-repository.ts'
import { LOGIN_ENDED, type LoginRegistry, toUser } from './login-registry.ts'
import { checkNewPassword, type PasswordHasher } from './password-hasher.ts'
import type { SetupCode } from './setup-code.ts'

const TICKET_TTL_SECONDS = 30

export interface AuthServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  tokens: AccessTokens
  logins: LoginRegistry
  hasher: PasswordHasher
  setupCode: SetupCode
  refreshTtlSeconds: number
  onFirstAccount: (principal: Principal) => Promise<void>
  /** Attempts by address and by account. */
  attempts: { byAddress: RateLimiter; byAccount: RateLimiter }
}

/** Where a request came from. */
export interface Client {
  address: string
  device: string
}

/** A fresh pair of tokens. `refreshToken` leaves the server in a cookie only. */
export interface SignedIn {
  token: string
  expiresIn: number
  user: User
  refreshToken: string
}

/** Accounts and logins. */
export class AuthService {
  readonly #deps: AuthServiceDeps

  constructor(deps: AuthServiceDeps) {
    this.#deps = deps
  }

  async needsSetup(): Promise<boolean> {
    return !(await new AuthRepository(this.#deps.database).hasUsers())
  }

  /**
   * Makes the first account.
   * @throws RegistrationRefusedError | PasswordRejectedError | TooManyAttemptsError
   */
  async register({ username, password, setupCode }: RegisterRequest, client: Client): Promise<SignedIn> {
    const { database, clock, hasher } = this.#deps
    if (!(await this.needsSetup()))
      throw new RegistrationRefusedError('There is an account already. Sign in, or ask its owner for an invitation.')
    this.#limit(this.#deps.attempts.byAddress, client.address)
    if (!this.#deps.setupCode.matches(setupCode)) {
      await recordAudit(database, { at: clock.now(), actor: 'unknown', action: 'auth.register_refused', ...client })
      throw new RegistrationRefusedError(
        'The setup code is not right. It was printed on the host when the server started and is kept there in the file setup-code of the data folder.',
      )
    }
    checkNewPassword(password, username)
    const passwordHash = await hasher.hash(password)
    const userId = UserId.parse(newId('usr'))
    await database.transaction().execute(async (transaction) => {
      const repository = new AuthRepository(transaction)
      // Looked at again inside the transaction: of two who know the code, one becomes the owner.
      if (await repository.hasUsers()) throw new RegistrationRefusedError('There is an account already. Sign in instead.')
      const at = clock.now()
      await repository.insertUser({
        id: userId,
        username: username.normalize('NFKC'),
        username_key: usernameKey(username),
        password_hash: passwordHash,
        role: 'owner',
        created_at: at.toISOString(),
        last_login_at: null,
        disabled_at: null,
      })
      await recordAudit(transaction, { at, actor: username, action: 'auth.registered', subject: userId, ...client })
    })
    this.#deps.setupCode.discard()
    const signedIn = await this.#signIn(userId, client)
    await this.#deps.onFirstAccount(await this.verifyAccessToken(signedIn.token))
    return signedIn
  }

  /** @throws InvalidCredentialsError | TooManyAttemptsError */
  async login({ username, password }: LoginRequest, client: Client): Promise<SignedIn> {
    const { attempts, database, clock, hasher } = this.#deps
    const key = usernameKey(username)
    this.#limit(attempts.byAddress, client.address)
    this.#limit(attempts.byAccount, key)
    const user = await new AuthRepository(database).findUserByKey(key)
    const isRight = await hasher.matches(password, user?.password_hash ?? null)
    if (!user || !isRight || user.disabled_at !== null) {
      await recordAudit(database, {
        at: clock.now(),
        actor: 'unknown',
        action: 'auth.login_failed',
        ...client,
        details: { username: username.slice(0, 64) },
      })
      throw new InvalidCredentialsError()
    }
    attempts.byAddress.reset(client.address)
    attempts.byAccount.reset(key)
    return this.#signIn(user.id, client)
  }

  /**
   * Exchanges a refresh token for the next one.
   * @throws UnauthorizedError | RefreshReusedError, which ends the whole login
   */
  async refresh(refreshToken: string, client: Client): Promise<SignedIn> {
    const { database, clock } = this.#deps
    const at = clock.now()
    const hash = sha256(refreshToken)
    const outcome = await database.transaction().execute(async (transaction) => {
      const repository = new AuthRepository(transaction)
      const token = await repository.findRefreshToken(hash)
      if (!token) return { kind: 'unknown' } as const
      if (!(await repository.useRefreshToken(hash, at.toISOString()))) return { kind: 'reused', loginId: token.login_id } as const
      const next = randomToken()
      await repository.insertRefreshToken({ hash: sha256(next), login_id: token.login_id, created_at: at.toISOString(), used_at: null })
      return { kind: 'exchanged', loginId: token.login_id, next } as const
    })
    if (outcome.kind === 'unknown') throw new UnauthorizedError()
    if (outcome.kind === 'reused') {
      await this.#endLogins({ id: outcome.loginId }, 'refresh token used twice', {
        actor: 'system',
        action: 'auth.refresh_reused',
        ...client,
      })
      throw new RefreshReusedError()
    }
    const { user } = await this.#deps.logins.principal(outcome.loginId)
    return this.#tokens(user, outcome.loginId, outcome.next)
  }

  async logout(principal: Principal, client: Client): Promise<void> {
    await this.#endLogins({ id: principal.loginId }, 'signed out', { actor: principal.user.username, action: 'auth.logout', ...client })
  }

  async logoutAll(principal: Principal, client: Client): Promise<void> {
    await this.#endLogins({ userId: principal.user.id }, 'signed out everywhere', {
      actor: principal.user.username,
      action: 'auth.logout_all',
      ...client,
    })
  }

  /** @throws UnauthorizedError | TokenExpiredError */
  async verifyAccessToken(token: string): Promise<Principal> {
    const { userId, loginId } = await this.#deps.tokens.verify(token)
    const principal = await this.#deps.logins.principal(loginId)
    if (principal.user.id !== userId) throw new UnauthorizedError('The access token is not valid. Sign in again.')
    return principal
  }

  async issueTicket(principal: Principal): Promise<WsTicket> {
    const { database, clock } = this.#deps
    const repository = new AuthRepository(database)
    const now = clock.now()
    await repository.prune(now.toISOString())
    const ticket = randomToken()
    const expiresAt = new Date(now.getTime() + TICKET_TTL_SECONDS * 1000).toISOString()
    await repository.insertTicket({ hash: sha256(ticket), login_id: principal.loginId, expires_at: expiresAt })
    return { ticket, expiresIn: TICKET_TTL_SECONDS }
  }

  /** @throws UnauthorizedError for a ticket that is unknown, used or expired */
  async redeemTicket(ticket: string): Promise<Principal> {
    const row = await new AuthRepository(this.#deps.database).takeTicket(sha256(ticket))
    if (!row || row.expires_at <= this.#deps.clock.now().toISOString())
      throw new UnauthorizedError('The ticket is not valid any more. Ask for a new one.')
    return this.#deps.logins.principal(row.login_id)
  }

  async #signIn(userId: UserId, client: Client): Promise<SignedIn> {
    const { database, clock, refreshTtlSeconds } = this.#deps
    const at = clock.now()
    const loginId = LoginId.parse(newId('log'))
    const refreshToken = randomToken()
    const user = await database.transaction().execute(async (transaction) => {
      const repository = new AuthRepository(transaction)
      const now = at.toISOString()
      await repository.insertLogin({
        id: loginId,
        user_id: userId,
        device: client.device,
        address: client.address,
        created_at: now,
        last_used_at: now,
        expires_at: new Date(at.getTime() + refreshTtlSeconds * 1000).toISOString(),
        ended_at: null,
        end_reason: null,
      })
      await repository.insertRefreshToken({ hash: sha256(refreshToken), login_id: loginId, created_at: now, used_at: null })
      await repository.updateUser(userId, { last_login_at: now })
      const row = await repository.findUser(userId)
      if (!row) throw new InvalidCredentialsError()
      await recordAudit(transaction, { at, actor: row.username, action: 'auth.login', subject: loginId, ...client })
      return row
    })
    return this.#tokens(toUser(user satisfies UserRow), loginId, refreshToken)
  }

  async #tokens(user: User, loginId: LoginId, refreshToken: string): Promise<SignedIn> {
    const { tokens } = this.#deps
    return { token: await tokens.issue({ userId: user.id, loginId }), expiresIn: tokens.ttlSeconds, user, refreshToken }
  }

  async #endLogins(
    which: { id: LoginId } | { userId: UserId },
    reason: string,
    entry: { actor: string; action: string } & Client,
  ): Promise<void> {
    const { database, clock, bus } = this.#deps
    const at = clock.now()
    const ended = await database.transaction().execute(async (transaction) => {
      const ids = await new AuthRepository(transaction).endLogins(which, at.toISOString(), reason)
      await recordAudit(transaction, { at, ...entry, details: { logins: ids } })
      return ids
    })
    for (const id of ended) bus.publish(LOGIN_ENDED, id)
  }

  #limit(limiter: RateLimiter, key: string): void {
    const waitSeconds = limiter.take(key)
    if (waitSeconds > 0) throw new TooManyAttemptsError(waitSeconds)
  }
}

function usernameKey(username: string): string {
  return username.normalize('NFKC').toLowerCase()
}

function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
