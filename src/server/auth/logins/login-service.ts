import type { Kysely } from 'kysely'
import type { AuditAction } from '#protocol/audit-actions'
import type { User } from '#protocol/auth'
import { LoginId, type UserId } from '#protocol/ids'
import type { AccountNotice, Login, LoginMethod } from '#protocol/logins'
import { loginOf, type Principal } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { InvalidCredentialsError, LoginNotFoundError } from '../auth-errors.ts'
import { AuthRepository, type LoginRow, type UserRow } from '../auth-repository.ts'
import type { Client } from '../client.ts'
import { randomToken, sha256 } from '../random-token.ts'
import type { AccessTokens } from '../tokens/access-tokens.ts'
import { toUser } from './login-registry.ts'
import { LoginRepository } from './login-repository.ts'
import type { Notices } from './notices.ts'

/** Logins of one user that live at once. Nobody has so many devices; a program that signs in for each call has. */
const MAX_LOGINS = 100
const FROM_ANOTHER_DEVICE = 'ended from another device'

export interface LoginServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  tokens: AccessTokens
  notices: Notices
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
export type WhichLogins = { id: LoginId; userId?: UserId } | { userId: UserId; except?: LoginId }

/** Why logins end, for the audit log. */
export type EndEntry = { actor: string; action: AuditAction; subject?: string } & Client

/** Devices that are signed in: each login is one family of refresh tokens. */
export class LoginService {
  readonly #deps: LoginServiceDeps

  constructor(deps: LoginServiceDeps) {
    this.#deps = deps
  }

  /**
   * Signs a user in on a device; whoever calls has checked that it is the user. The user's other devices are told.
   * @param proof what that check was about: where it is out of date meanwhile, it counts for nothing
   * @throws InvalidCredentialsError for a user who was disabled or whose password was changed since
   */
  async open(
    userId: UserId,
    client: Client,
    method: LoginMethod,
    proof?: Pick<UserRow, 'password_changed_at'>,
  ): Promise<SignedIn & { loginId: LoginId }> {
    const { database, clock, bus, tokens, notices } = this.#deps
    const at = clock.now()
    const loginId = LoginId.parse(newId('log'))
    const refreshToken = randomToken()
    const { user, notice, displaced } = await database.transaction().execute(async (transaction) => {
      const repository = new AuthRepository(transaction)
      const now = at.toISOString()
      await repository.insertLogin(this.#newRow({ id: loginId, user_id: userId, method }, client, at))
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
      const over = await this.#makeRoom(transaction, row, loginId, client)
      return { displaced: over, user: toUser(row), notice: await this.#noticeOf(transaction, { userId, loginId, client, method }) }
    })
    for (const id of displaced) bus.publish(ACCESS_ENDED, `login:${id}`)
    // The new login has no socket yet, so that only the others hear of it.
    if (notice) notices.announce(userId, notice)
    return { token: await tokens.issue({ userId, loginId }), expiresIn: tokens.ttlSeconds, user, refreshToken, loginId }
  }

  /** The logins of whoever asks, their own first, then by last use. */
  async list(principal: Principal): Promise<Login[]> {
    const current = loginOf(principal)
    const rows = await new LoginRepository(this.#deps.database).listAlive(principal.user.id, this.#deps.clock.now())
    const logins = rows.map((row) => toLogin(row, current))
    return [...logins.filter(({ id }) => id === current), ...logins.filter(({ id }) => id !== current)]
  }

  /**
   * Ends one login of whoever asks.
   * @throws LoginNotFoundError also for another user's
   */
  async endOne(id: LoginId, { user }: Principal, client: Client): Promise<void> {
    const entry: EndEntry = { actor: user.username, action: 'auth.login_ended', subject: id, ...client }
    const ended = await this.end({ id, userId: user.id }, FROM_ANOTHER_DEVICE, entry)
    if (ended.length === 0) throw new LoginNotFoundError()
  }

  async endOthers(principal: Principal, client: Client): Promise<void> {
    const { id: userId, username: actor } = principal.user
    await this.end({ userId, except: loginOf(principal) }, FROM_ANOTHER_DEVICE, {
      actor,
      action: 'auth.other_logins_ended',
      ...client,
    })
  }

  async logout(principal: Principal, client: Client): Promise<void> {
    await this.end({ id: loginOf(principal) }, 'signed out', { actor: principal.user.username, action: 'auth.logout', ...client })
  }

  async logoutAll(principal: Principal, client: Client): Promise<void> {
    const entry: EndEntry = { actor: principal.user.username, action: 'auth.logout_all', ...client }
    await this.end({ userId: principal.user.id }, 'signed out everywhere', entry)
  }

  /** Ends logins, their tokens and their sockets at once, and returns which were ended; where there were none nothing is recorded. */
  async end(which: WhichLogins, reason: string, entry: EndEntry): Promise<LoginId[]> {
    const { database, clock, bus, notices } = this.#deps
    const at = clock.now()
    const ended = await database.transaction().execute(async (transaction) => {
      const ids = await new AuthRepository(transaction).endLogins(which, at.toISOString(), reason)
      if (ids.length > 0) await recordAudit(transaction, { at, ...entry, details: { logins: ids } })
      if (reason === FROM_ANOTHER_DEVICE) await notices.answerFor(transaction, ids)
      return ids
    })
    for (const id of ended) bus.publish(ACCESS_ENDED, `login:${id}`)
    return ended
  }

  /** Ends the logins that were unused longest where there are too many. Returns which. */
  async #makeRoom(db: Kysely<Tables>, { id: userId, username }: UserRow, newest: LoginId, client: Client): Promise<LoginId[]> {
    const at = this.#deps.clock.now()
    const over = await new LoginRepository(db).listUnusedBeyond(MAX_LOGINS, { userId, except: newest, now: at })
    for (const id of over) {
      await new AuthRepository(db).endLogins({ id }, at.toISOString(), 'too many logins')
      const entry = { at, actor: username, action: 'auth.login_displaced', subject: id, ...client } as const
      await recordAudit(db, { ...entry, details: { most: MAX_LOGINS } })
    }
    return over
  }

  #newRow(login: Pick<LoginRow, 'id' | 'user_id' | 'method'>, client: Client, at: Date): LoginRow {
    const now = at.toISOString()
    const expires_at = new Date(at.getTime() + this.#deps.refreshTtlSeconds * 1000).toISOString()
    const { device, address } = client
    return { ...login, device, address, created_at: now, last_used_at: now, expires_at, ended_at: null, end_reason: null, fresh_at: now }
  }

  /**
   * What to tell of a new login. Nothing of the account's first, nor, where nobody else is signed in, of one that looks
   * like an earlier one: who signs in every morning on one device is not to be told so each time.
   */
  async #noticeOf(
    db: Kysely<Tables>,
    { userId, loginId, client, method }: { userId: UserId; loginId: LoginId; client: Client; method: LoginMethod },
  ): Promise<AccountNotice | null> {
    const repository = new LoginRepository(db)
    const earlier = await repository.earlier(userId, loginId, client)
    if (!earlier.any) return null
    if (earlier.alike && !(await repository.hasOtherAlive(userId, loginId, this.#deps.clock.now()))) return null
    return this.#deps.notices.add(db, { userId, kind: 'new-login', ...client, loginId, facts: { method } })
  }
}

function toLogin(row: LoginRow, current: LoginId): Login {
  return {
    id: row.id,
    device: row.device,
    address: row.address,
    method: row.method,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    current: row.id === current,
  }
}
