import type { Kysely } from 'kysely'
import { UserId } from '#protocol/ids'
import { ROLE_SCOPES } from '#protocol/permissions'
import { type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { AuthRepository, NO_PASSWORD, type UserRow } from '../auth-repository.ts'
import { toUser } from '../logins/login-registry.ts'
import { newUser } from '../sign-in/sign-in-service.ts'

/** How long an answer is believed without asking the database, should the bus lose a message. */
const CACHE_MS = 1000
const LOCAL_USER = 'local'

export interface PlatformModeDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  /** Where the server listens, for the audit log. */
  host: string
}

/**
 * No login: the first user serves all requests. Only the configuration of the server's process turns it on; nothing that a
 * request carries is looked at.
 */
export class PlatformMode {
  readonly #deps: PlatformModeDeps
  #cached: { principal: Principal; checkedAt: number } | null = null
  /** Goes up when any access ends: what was read before is not cached after. */
  #endings = 0

  constructor(deps: PlatformModeDeps) {
    this.#deps = deps
    deps.bus.subscribe(ACCESS_ENDED, () => {
      this.#endings += 1
      this.#cached = null
    })
  }

  /**
   * To be called at each start, before anything is served. Makes the user `local` where there is nobody.
   * @returns the principal of a user that was made, null otherwise
   * @throws DomainError CONFLICT where there are users and all of them are disabled
   */
  async start(): Promise<Principal | null> {
    const { database, clock, host } = this.#deps
    const at = clock.now()
    return database.transaction().execute(async (transaction) => {
      const existing = await new AuthRepository(transaction).firstUser()
      const user = existing ?? (await this.#makeLocal(transaction, at))
      const details = { user: user.username, host }
      await recordAudit(transaction, { at, actor: 'system', action: 'platform.started', subject: user.id, details })
      return existing ? null : principalOf(user)
    })
  }

  /** Whoever serves all requests now. @throws UnauthorizedError when every user was disabled meanwhile */
  async principal(): Promise<Principal> {
    const now = this.#deps.clock.now().getTime()
    if (this.#cached && now - this.#cached.checkedAt < CACHE_MS) return this.#cached.principal
    const endings = this.#endings
    const user = await new AuthRepository(this.#deps.database).firstUser()
    if (!user) throw new UnauthorizedError('Platform mode is on and every user is disabled. Enable one on the host.')
    const principal = principalOf(user)
    if (endings === this.#endings) this.#cached = { principal, checkedAt: now }
    return principal
  }

  async #makeLocal(transaction: Kysely<Tables>, at: Date): Promise<UserRow> {
    const repository = new AuthRepository(transaction)
    if (await repository.hasUsers())
      throw new DomainError(
        'CONFLICT',
        'Platform mode needs a user and every user is disabled. Enable one with "ai-code-ui user enable NAME", or turn PLATFORM_MODE off.',
      )
    const user = newUser({ id: UserId.parse(newId('usr')), username: LOCAL_USER, passwordHash: NO_PASSWORD, role: 'owner', at })
    await repository.insertUser(user)
    await recordAudit(transaction, {
      at,
      actor: 'system',
      action: 'platform.user_created',
      subject: user.id,
      details: { username: LOCAL_USER },
    })
    return user
  }
}

function principalOf(user: UserRow): Principal {
  return { user: toUser(user), credential: { kind: 'platform' }, scopes: new Set(ROLE_SCOPES[user.role]), device: 'Platform mode' }
}
