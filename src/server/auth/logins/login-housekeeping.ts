import type { Kysely } from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'

const DAY_MS = 24 * 60 * 60_000
const EVERY_MS = 10 * 60_000
/** Rows that one statement removes at most: the rest is for the next time, so that nobody waits for it. */
const AT_ONCE = 200
/** Whoever reads the audit log wants to see which device a login of it was. */
const LOGINS_KEPT_MS = 90 * DAY_MS
const READ_NOTICES_KEPT_MS = 30 * DAY_MS

/** Removes what logins leave behind. */
export class LoginHousekeeping {
  readonly #database: Kysely<Tables>
  readonly #clock: Clock
  #dueAt = 0

  constructor({ database, clock }: { database: Kysely<Tables>; clock: Clock }) {
    this.#database = database
    this.#clock = clock
  }

  /** To be called often; works every ten minutes, or at once again where there is much to do. */
  async sweep(): Promise<void> {
    const now = this.#clock.now().getTime()
    if (now < this.#dueAt) return
    const removed = [await this.#removeTokens(now), await this.#removeLogins(now), await this.#removeNotices(now)]
    if (!removed.includes(AT_ONCE)) this.#dueAt = now + EVERY_MS
  }

  /** Refresh tokens of logins that are over: unknown ones are refused like those. */
  async #removeTokens(now: number): Promise<number> {
    const over = this.#database
      .selectFrom('refresh_tokens')
      .innerJoin('logins', 'logins.id', 'refresh_tokens.login_id')
      .select('refresh_tokens.hash')
      .where((is) => is.or([is('logins.ended_at', '<', iso(now - DAY_MS)), is('logins.expires_at', '<', iso(now))]))
      .limit(AT_ONCE)
    const result = await this.#database.deleteFrom('refresh_tokens').where('hash', 'in', over).executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  #removeLogins(now: number): Promise<number> {
    const cut = iso(now - LOGINS_KEPT_MS)
    return this.#database.transaction().execute(async (transaction) => {
      const rows = await transaction
        .selectFrom('logins')
        .select('id')
        // One that nobody ended and nobody used for so long is over too.
        .where('last_used_at', '<', cut)
        .where((is) => is.or([is('ended_at', 'is', null), is('ended_at', '<', cut)]))
        .limit(AT_ONCE)
        .execute()
      const ids = rows.map(({ id }) => id)
      if (ids.length === 0) return 0
      for (const table of ['refresh_tokens', 'ws_tickets'] as const)
        await transaction.deleteFrom(table).where('login_id', 'in', ids).execute()
      await transaction.deleteFrom('logins').where('id', 'in', ids).execute()
      return ids.length
    })
  }

  async #removeNotices(now: number): Promise<number> {
    const read = this.#database
      .selectFrom('notices')
      .select('id')
      .where('read_at', '<', iso(now - READ_NOTICES_KEPT_MS))
      .limit(AT_ONCE)
    const result = await this.#database.deleteFrom('notices').where('id', 'in', read).executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
