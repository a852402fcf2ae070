import type { LoginId } from '#protocol/ids'
import type { User } from '#protocol/auth'
import { ROLE_SCOPES } from '#protocol/permissions'
import { type Principal, UnauthorizedError } from '../../http/principal.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { ACCESS_ENDED, LOGIN_CHANGED } from '../../platform/topics.ts'
import type { AuthRepository, UserRow } from '../auth-repository.ts'
import { isAlive } from './login-lifetime.ts'

/** How long an answer is believed without asking the database, should the bus lose a message. */
const CACHE_MS = 1000
const MAX_CACHED = 5000
/** How often "last used" is written at most. */
const TOUCH_MS = 60_000

/** How long a proof of who somebody is counts as fresh. */
const FRESH_MS = 5 * 60_000

/** Until when a login is fresh that was proven at `freshAt`, in milliseconds of the epoch. */
export function freshUntil(freshAt: string): number {
  return Date.parse(freshAt) + FRESH_MS
}

interface CachedLogin {
  principal: Principal
  expiresAt: number
  checkedAt: number
  touchedAt: number
}

/** Answers, for every request, whether a login still lives and whose it is. */
export class LoginRegistry {
  readonly #deps: { repository: AuthRepository; clock: Clock }
  readonly #cache = new Map<LoginId, CachedLogin>()
  /** Counts what was forgotten, so that an answer that was read before is not kept after. */
  #forgotten = 0

  constructor(deps: { repository: AuthRepository; clock: Clock; bus: EventBus }) {
    this.#deps = deps
    deps.bus.subscribe(LOGIN_CHANGED, (id) => {
      this.#forgotten += 1
      for (const loginId of this.#cache.keys()) if (loginId === id) this.#cache.delete(loginId)
    })
    deps.bus.subscribe(ACCESS_ENDED, (who) => {
      this.#forgotten += 1
      for (const [loginId, { principal }] of this.#cache)
        if (who === `login:${loginId}` || who === `user:${principal.user.id}`) this.#cache.delete(loginId)
    })
  }

  /** @throws UnauthorizedError when the login has ended or its user may no longer sign in */
  async principal(loginId: LoginId): Promise<Principal> {
    const now = this.#deps.clock.now().getTime()
    const cached = this.#cache.get(loginId)
    if (cached && now - cached.checkedAt < CACHE_MS && now < cached.expiresAt) return cached.principal
    return this.recheck(loginId)
  }

  /** The same without the cache: what another process wrote is seen. @throws UnauthorizedError */
  async recheck(loginId: LoginId): Promise<Principal> {
    const forgotten = this.#forgotten
    const fresh = await this.#load(loginId, this.#deps.clock.now().getTime(), this.#cache.get(loginId)?.touchedAt ?? 0)
    // Access ended while it was read: what was read counts no more.
    if (forgotten !== this.#forgotten) return this.recheck(loginId)
    this.#cache.set(loginId, fresh)
    if (this.#cache.size > MAX_CACHED) this.#cache.clear()
    return fresh.principal
  }

  async #load(loginId: LoginId, now: number, touchedAt: number): Promise<CachedLogin> {
    const { repository } = this.#deps
    const login = await repository.findLogin(loginId)
    const user = login && isAlive(login, now) ? await repository.findUser(login.user_id) : undefined
    if (!login || user?.disabled_at !== null) {
      this.#cache.delete(loginId)
      throw new UnauthorizedError('This login has ended. Sign in again.')
    }
    const isTouched = now - touchedAt > TOUCH_MS && (await this.#touch(loginId, now))
    return {
      principal: {
        user: toUser(user),
        credential: { kind: 'login', loginId, freshUntil: freshUntil(login.fresh_at) },
        scopes: new Set(ROLE_SCOPES[user.role]),
        device: login.device,
      },
      expiresAt: Date.parse(login.expires_at),
      checkedAt: now,
      touchedAt: isTouched ? now : touchedAt,
    }
  }

  /** False where it could not be written: a full disk must not shut people out who only read. */
  async #touch(loginId: LoginId, now: number): Promise<boolean> {
    try {
      await this.#deps.repository.touchLogin(loginId, new Date(now).toISOString())
      return true
    } catch {
      // Tried again with the next request.
      return false
    }
  }
}

export function toUser(row: UserRow): User {
  return { id: row.id, username: row.username, role: row.role, createdAt: row.created_at, lastLoginAt: row.last_login_at }
}
