import type { Kysely } from 'kysely'
import type { ApiKeyId } from '#protocol/ids'
import { ROLE_SCOPES } from '#protocol/permissions'
import { type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { RateLimiter } from '../../platform/rate-limiter.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { TooManyAttemptsError } from '../auth-errors.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { toUser } from '../logins/login-registry.ts'
import { sha256 } from '../random-token.ts'
import { networkOf } from '../../platform/network-of.ts'
import { ApiKeyRepository, type ApiKeyRow } from './api-key-repository.ts'
import { scopesOf } from './api-key-service.ts'

/** How long an answer is believed without asking the database, should the bus lose a message. */
const CACHE_MS = 1000
const MAX_CACHED = 5000
/** How often "last used" is written at most. */
const TOUCH_MS = 60_000
/** As every key is made; anything else is not looked up. */
const SHAPE = /^acu_[\w-]{43}$/

interface CachedKey {
  principal: Principal
  expiresAt: number | null
  checkedAt: number
}

interface KnownKey {
  key: ApiKeyRow
  user: UserRow
}

export interface ApiKeyRegistryDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
}

/**
 * Answers, for every request, whose a key is. The key's SHA-256 is looked up in an index: nothing compares the key itself
 * character by character, so the time that an answer takes says nothing about it (ASVS 11.2.4). A right key is let in
 * whatever others tried from the same address: 256 random bits are not guessed, the limit keeps the noise down.
 */
export class ApiKeyRegistry {
  readonly #deps: ApiKeyRegistryDeps
  readonly #cache = new Map<string, CachedKey>()
  readonly #wrongKeys: RateLimiter
  /** Goes up when any access ends: what was read before is not cached after. */
  #endings = 0

  constructor(deps: ApiKeyRegistryDeps) {
    this.#deps = deps
    this.#wrongKeys = new RateLimiter({ clock: deps.clock, capacity: 20, perSecond: 0.2 })
    deps.bus.subscribe(ACCESS_ENDED, (who) => {
      this.#endings += 1
      for (const [hash, { principal }] of this.#cache) if (endsWith(principal, who)) this.#cache.delete(hash)
    })
  }

  /**
   * Whose key it is.
   * @param address where it came from
   * @throws UnauthorizedError | TooManyAttemptsError; unknown, revoked, expired and ownerless keys are told alike
   */
  async verify(key: string, address: string): Promise<Principal> {
    const now = this.#deps.clock.now().getTime()
    const hash = sha256(key)
    const cached = this.#cache.get(hash)
    if (cached && now - cached.checkedAt < CACHE_MS && !hasPassed(cached.expiresAt, now)) return cached.principal
    this.#cache.delete(hash)
    const endings = this.#endings
    const row = SHAPE.test(key) ? await new ApiKeyRepository(this.#deps.database).findByHash(hash) : undefined
    const known = await this.#alive(row, now)
    if (!known) throw await this.#refusal(row, address)
    await this.#noteUse(known, address)
    const principal = principalOf(known)
    if (endings === this.#endings) this.#remember(hash, { principal, expiresAt: expiryOf(known.key), checkedAt: now })
    return principal
  }

  /** Who acts by a key that was shown before, as with a socket ticket. @throws UnauthorizedError */
  async principal(id: ApiKeyId): Promise<Principal> {
    const known = await this.#alive(await new ApiKeyRepository(this.#deps.database).find(id), this.#deps.clock.now().getTime())
    if (!known) throw wrongKey()
    return principalOf(known)
  }

  async #alive(key: ApiKeyRow | undefined, now: number): Promise<KnownKey | null> {
    if (key?.revoked_at !== null || hasPassed(expiryOf(key), now)) return null
    const user = await new AuthRepository(this.#deps.database).findUser(key.user_id)
    return user?.disabled_at === null && user.removed_at === null ? { key, user } : null
  }

  #remember(hash: string, cached: CachedKey): void {
    this.#cache.set(hash, cached)
    if (this.#cache.size > MAX_CACHED) this.#cache.clear()
  }

  async #noteUse({ key, user }: KnownKey, address: string): Promise<void> {
    const at = this.#deps.clock.now()
    const { database } = this.#deps
    if (key.last_used_at === null) {
      await database.transaction().execute(async (transaction) => {
        if (!(await new ApiKeyRepository(transaction).noteFirstUse(key.id, at.toISOString()))) return
        const entry = { at, actor: user.username, action: 'apikey.first_used' as const, subject: key.id, address, device: deviceOf(key) }
        await recordAudit(transaction, { ...entry, details: { name: key.name } })
      })
      return
    }
    if (at.getTime() - Date.parse(key.last_used_at) < TOUCH_MS) return
    // A full disk must not shut programs out that only read.
    await new ApiKeyRepository(database).noteUse(key.id, at.toISOString()).catch(() => {})
  }

  /** What a wrong key is answered with. Written down as far as the limit lets it, so that nobody fills the log. */
  async #refusal(key: ApiKeyRow | undefined, address: string): Promise<Error> {
    const waitSeconds = this.#wrongKeys.take(networkOf(address))
    if (waitSeconds > 0) return new TooManyAttemptsError(waitSeconds)
    const { database, clock } = this.#deps
    const subject = key ? { subject: key.id, device: deviceOf(key) } : {}
    await recordAudit(database, { at: clock.now(), actor: 'unknown', action: 'apikey.refused', address, ...subject })
    return wrongKey()
  }
}

function principalOf({ key, user }: KnownKey): Principal {
  const held = ROLE_SCOPES[user.role]
  return {
    user: toUser(user),
    credential: { kind: 'api-key', keyId: key.id },
    scopes: new Set(scopesOf(key).filter((scope) => held.includes(scope))),
    device: deviceOf(key),
  }
}

/** The device of what is done with a key, as decisions and the audit log name it. */
function deviceOf({ name }: ApiKeyRow): string {
  return `API key ${name}`
}

function expiryOf({ expires_at: expiresAt }: ApiKeyRow): number | null {
  return expiresAt === null ? null : Date.parse(expiresAt)
}

function hasPassed(expiresAt: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

function endsWith({ user, credential }: Principal, who: string): boolean {
  return who === `user:${user.id}` || (credential.kind === 'api-key' && who === `api-key:${credential.keyId}`)
}

function wrongKey(): UnauthorizedError {
  return new UnauthorizedError('The API key is not valid: it is unknown, revoked or expired. Make another one, or sign in.')
}
