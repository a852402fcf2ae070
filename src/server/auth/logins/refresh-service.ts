import { createHmac } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { LoginId, UserId } from '#protocol/ids'
import type { AccountNotice } from '#protocol/logins'
import { UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { RateLimiter } from '../../platform/rate-limiter.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { RefreshReusedError } from '../auth-errors.ts'
import { AuthRepository, type RefreshTokenRow } from '../auth-repository.ts'
import type { Client } from '../client.ts'
import { randomToken, sha256 } from '../random-token.ts'
import { networkOf } from '../../platform/network-of.ts'
import type { AccessTokens } from '../tokens/access-tokens.ts'
import { isAlive } from './login-lifetime.ts'
import type { LoginRegistry } from './login-registry.ts'
import type { SignedIn } from './login-service.ts'
import type { Notices } from './notices.ts'

/** How long an exchange without an attempt's id stays open to a second request with the same token. Our own pages send an id and wait for nothing. */
const HOLD_MS = 100
const REUSED = 'refresh token used twice'

/** Used tokens of one login that are known again; an older one is refused and ends nothing. */
const REMEMBERED = 1000

export interface RefreshServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  tokens: AccessTokens
  registry: LoginRegistry
  notices: Notices
  /** 32 bytes. */
  refreshKey: Buffer
}

/** What somebody presents. */
export interface Presented {
  token: string
  /** The caller's own id of this attempt, random; null where it has none. */
  attempt: string | null
  client: Client
}

interface Exchanged {
  kind: 'exchanged'
  loginId: LoginId
  userId: UserId
  next: string
}

type Outcome =
  | Exchanged
  | { kind: 'refused' }
  | { kind: 'ended-by-reuse' }
  | { kind: 'reused'; loginId: LoginId; userId: UserId; notice: AccountNotice }

/**
 * Exchanges refresh tokens, each for one next (RFC 9700, 4.14.2). A token that comes again after its exchange ends the
 * login, with two exceptions that are no theft: requests that overlap share one exchange, and the same attempt sent again
 * gets the same answer while that has not been used.
 */
export class RefreshService {
  readonly #deps: RefreshServiceDeps
  /** Exchanges under way by their token's hash. */
  readonly #flights = new Map<string, Promise<Exchanged>>()
  /** Whoever sends rubbish without end fills no log. */
  readonly #refusals: RateLimiter

  constructor(deps: RefreshServiceDeps) {
    this.#deps = deps
    this.#refusals = new RateLimiter({ clock: deps.clock, capacity: 10, perSecond: 1 / 60 })
  }

  /** @throws UnauthorizedError | RefreshReusedError, which ends the whole login */
  async refresh(presented: Presented): Promise<SignedIn> {
    const { tokens, registry } = this.#deps
    const { userId, loginId, next } = await this.#share(presented)
    const token = await tokens.issue({ userId, loginId })
    // Asked last: whoever signed out meanwhile gets no token.
    const { user } = await registry.principal(loginId)
    return { token, expiresIn: tokens.ttlSeconds, user, refreshToken: next }
  }

  /**
   * Writes down that a cookie came without its other half. Its login goes on: else whoever sees the cookie could end it. Of one
   * network ten at once are written, then one a minute.
   */
  async recordRefusal(reason: string, client: Client): Promise<void> {
    if (this.#refusals.take(networkOf(client.address)) > 0) return
    const entry = { at: this.#deps.clock.now(), actor: 'unknown', action: 'auth.refresh_refused', ...client } as const
    await recordAudit(this.#deps.database, { ...entry, details: { reason } })
  }

  #share(presented: Presented): Promise<Exchanged> {
    const hash = sha256(presented.token)
    const underWay = this.#flights.get(hash)
    if (underWay) return underWay
    const exchange = this.#exchange(hash, presented)
    const flight = (presented.attempt === null ? held(exchange) : exchange).finally(() => this.#flights.delete(hash))
    this.#flights.set(hash, flight)
    return flight
  }

  async #exchange(hash: string, presented: Presented): Promise<Exchanged> {
    const { database, bus, notices } = this.#deps
    const outcome = await database.transaction().execute((transaction) => this.#decide(transaction, hash, presented))
    if (outcome.kind === 'exchanged') return outcome
    if (outcome.kind === 'refused') throw new UnauthorizedError('This login has ended. Sign in again.')
    if (outcome.kind === 'ended-by-reuse') throw new RefreshReusedError()
    bus.publish(ACCESS_ENDED, `login:${outcome.loginId}`)
    notices.announce(outcome.userId, outcome.notice)
    throw new RefreshReusedError()
  }

  async #decide(db: Kysely<Tables>, hash: string, presented: Presented): Promise<Outcome> {
    const repository = new AuthRepository(db)
    const row = await repository.findRefreshToken(hash)
    const login = row && (await repository.findLogin(row.login_id))
    // Whoever comes later with a token of it may be the one who was stolen from, and has to hear why.
    if (login?.end_reason === REUSED) return { kind: 'ended-by-reuse' }
    if (!login || !isAlive(login, this.#deps.clock.now().getTime())) return { kind: 'refused' }
    const { id: loginId, user_id: userId } = login
    if (row.used_at === null) return { kind: 'exchanged', loginId, userId, next: await this.#exchangeFirst(repository, row, presented) }
    const next = await this.#answerBefore(repository, row, presented)
    return next === null ? this.#endFamily(db, { loginId, userId }, presented.client) : { kind: 'exchanged', loginId, userId, next }
  }

  async #exchangeFirst(repository: AuthRepository, { hash, login_id }: RefreshTokenRow, presented: Presented): Promise<string> {
    const { token, attempt, client } = presented
    const now = this.#deps.clock.now().toISOString()
    const next = this.#successor(token, attempt ?? randomToken())
    await repository.useRefreshToken(hash, now, attempt === null ? null : sha256(attempt))
    await repository.insertRefreshToken({ hash: sha256(next), login_id, created_at: now, used_at: null, attempt_hash: null })
    await repository.seeLogin(login_id, now, client.address)
    await repository.forgetUsedTokens(login_id, REMEMBERED)
    return next
  }

  /** The token that this same attempt was given before, unless it has been exchanged itself. */
  async #answerBefore(repository: AuthRepository, row: RefreshTokenRow, { token, attempt }: Presented): Promise<string | null> {
    if (attempt === null || row.attempt_hash !== sha256(attempt)) return null
    const next = this.#successor(token, attempt)
    const given = await repository.findRefreshToken(sha256(next))
    return given?.used_at === null ? next : null
  }

  async #endFamily(db: Kysely<Tables>, { loginId, userId }: { loginId: LoginId; userId: UserId }, client: Client): Promise<Outcome> {
    const at = this.#deps.clock.now()
    await new AuthRepository(db).endLogins({ id: loginId }, at.toISOString(), REUSED)
    const entry = { at, actor: 'system', action: 'auth.refresh_reused' as const, subject: loginId, ...client }
    await recordAudit(db, { ...entry, details: { userId, logins: [loginId] } })
    const notice = await this.#deps.notices.add(db, { userId, kind: 'refresh-reused', ...client })
    return { kind: 'reused', loginId, userId, notice }
  }

  /**
   * The next token can be told again for the same attempt, and is stored nowhere but as its hash. Without the server's
   * key, or without the attempt's id, nobody finds it from the one before.
   */
  #successor(token: string, attempt: string): string {
    return createHmac('sha256', this.#deps.refreshKey).update(`${token}.${attempt}`).digest('base64url')
  }
}

/** The answer, no sooner than what is sent at the same time has arrived. */
async function held(exchange: Promise<Exchanged>): Promise<Exchanged> {
  const [exchanged] = await Promise.all([exchange, setTimeout(HOLD_MS)])
  return exchanged
}
