import type { Kysely } from 'kysely'
import type { User } from '#protocol/auth'
import { LoginId, type UserId } from '#protocol/ids'
import type { LoginMethod } from '#protocol/logins'
import { loginOf, type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { InvalidCredentialsError, RefreshReusedError } from '../auth-errors.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import type { Client } from '../client.ts'
import { randomToken, sha256 } from '../random-token.ts'
import type { AccessTokens } from '../tokens/access-tokens.ts'
import { type LoginRegistry, toUser } from './login-registry.ts'

export interface LoginServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  tokens: AccessTokens
  registry: LoginRegistry
  refreshTtlSeconds: number
}

/** A fresh pair of tokens. `refreshToken` leaves the server in a cookie only. */
export interface SignedIn {
  token: string
  expiresIn: number
  user: User
  refreshToken: string
}

/** Which logins to end. */
export type WhichLogins = { id: LoginId } | { userId: UserId; except?: LoginId }

/** Devices that are signed in: each login is one family of refresh tokens. */
export class LoginService {
  readonly #deps: LoginServiceDeps

  constructor(deps: LoginServiceDeps) {
    this.#deps = deps
  }

  /**
   * Signs a user in on a device; whoever calls has checked that it is the user.
   * @param proof what that check was about: where it is out of date meanwhile, it counts for nothing
   * @throws InvalidCredentialsError for a user who was disabled or whose password was changed since
   */
  async open(
    userId: UserId,
    client: Client,
    method: LoginMethod,
    proof?: Pick<UserRow, 'password_changed_at'>,
  ): Promise<SignedIn & { loginId: LoginId }> {
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
        method,
        fresh_at: now,
      })
      await repository.insertRefreshToken({
        hash: sha256(refreshToken),
        login_id: loginId,
        created_at: now,
        used_at: null,
        attempt_hash: null,
      })
      await repository.updateUser(userId, { last_login_at: now })
      const row = await repository.findUser(userId)
      const isOutdated = proof !== undefined && proof.password_changed_at !== row?.password_changed_at
      if (row?.disabled_at !== null || isOutdated) throw new InvalidCredentialsError()
      await recordAudit(transaction, { at, actor: row.username, action: 'auth.login', subject: loginId, ...client, details: { method } })
      return row
    })
    return { ...(await this.#tokens(toUser(user), loginId, refreshToken)), loginId }
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
      await repository.insertRefreshToken({
        hash: sha256(next),
        login_id: token.login_id,
        created_at: at.toISOString(),
        used_at: null,
        attempt_hash: null,
      })
      return { kind: 'exchanged', loginId: token.login_id, next } as const
    })
    if (outcome.kind === 'unknown') throw new UnauthorizedError()
    if (outcome.kind === 'reused') {
      await this.end({ id: outcome.loginId }, 'refresh token used twice', { actor: 'system', action: 'auth.refresh_reused', ...client })
      throw new RefreshReusedError()
    }
    const { user } = await this.#deps.registry.principal(outcome.loginId)
    return this.#tokens(user, outcome.loginId, outcome.next)
  }

  async logout(principal: Principal, client: Client): Promise<void> {
    await this.end({ id: loginOf(principal) }, 'signed out', { actor: principal.user.username, action: 'auth.logout', ...client })
  }

  async logoutAll(principal: Principal, client: Client): Promise<void> {
    const entry = { actor: principal.user.username, action: 'auth.logout_all', ...client }
    await this.end({ userId: principal.user.id }, 'signed out everywhere', entry)
  }

  /** Ends logins, their tokens and their sockets at once. */
  async end(which: WhichLogins, reason: string, entry: { actor: string; action: string } & Client): Promise<void> {
    const { database, clock, bus } = this.#deps
    const at = clock.now()
    const ended = await database.transaction().execute(async (transaction) => {
      const ids = await new AuthRepository(transaction).endLogins(which, at.toISOString(), reason)
      await recordAudit(transaction, { at, ...entry, details: { logins: ids } })
      return ids
    })
    for (const id of ended) bus.publish(ACCESS_ENDED, `login:${id}`)
  }

  async #tokens(user: User, loginId: LoginId, refreshToken: string): Promise<SignedIn> {
    const { tokens } = this.#deps
    return { token: await tokens.issue({ userId: user.id, loginId }), expiresIn: tokens.ttlSeconds, user, refreshToken }
  }
}
