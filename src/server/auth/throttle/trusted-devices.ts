import type { Kysely } from 'kysely'
import type { UserId } from '#protocol/ids'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import { randomToken, sha256 } from '../random-token.ts'

/** Browsers keep no cookie longer. */
export const TRUST_SECONDS = 400 * 86_400
/** Of one user; whoever signs in from more is a script, and the oldest go. */
const MAX_PER_USER = 100
/** Several people may share a browser: the cookie holds a token of each. */
const MAX_IN_COOKIE = 4
/** Looked at in a request, whatever it brings. */
const MAX_READ = 16

/**
 * Browsers that somebody signed in with before. Being one is no credential: it chooses the counter of failed attempts, so
 * that strangers who guess cannot keep the owner out (ASVS 6.1.1).
 */
export class TrustedDevices {
  readonly #deps: { database: Kysely<Tables>; clock: Clock }

  constructor(deps: { database: Kysely<Tables>; clock: Clock }) {
    this.#deps = deps
  }

  /** What is stored of the device that an account trusts; null for a stranger. */
  async find(db: Kysely<Tables>, cookie: string | null, account: string): Promise<string | null> {
    const hashes = hashesIn(cookie)
    if (hashes.length === 0) return null
    const row = await db
      .selectFrom('trusted_devices')
      .innerJoin('users', 'users.id', 'trusted_devices.user_id')
      .select('trusted_devices.hash')
      .where('trusted_devices.hash', 'in', hashes)
      .where('trusted_devices.expires_at', '>', this.#now())
      .where('users.username_key', '=', account)
      .executeTakeFirst()
    return row?.hash ?? null
  }

  /** Trusts the browser anew for a user who just signed in with it. Returns the cookie's next value. */
  async renew(cookie: string | null, userId: UserId): Promise<string> {
    const { database, clock } = this.#deps
    const at = clock.now().getTime()
    const token = randomToken()
    const others = await database.transaction().execute(async (transaction) => {
      const hashes = hashesIn(cookie)
      if (hashes.length > 0)
        await transaction.deleteFrom('trusted_devices').where('hash', 'in', hashes).where('user_id', '=', userId).execute()
      await transaction.deleteFrom('trusted_devices').where('expires_at', '<=', this.#now()).execute()
      const expires_at = new Date(at + TRUST_SECONDS * 1000).toISOString()
      await transaction
        .insertInto('trusted_devices')
        .values({ hash: sha256(token), user_id: userId, created_at: this.#now(), last_used_at: this.#now(), expires_at })
        .execute()
      await keepNewest(transaction, userId)
      if (hashes.length === 0) return []
      return transaction.selectFrom('trusted_devices').select('hash').where('hash', 'in', hashes).execute()
    })
    const known = new Set(others.map(({ hash }) => hash))
    return [token, ...tokensIn(cookie).filter((other) => known.has(sha256(other)))].slice(0, MAX_IN_COOKIE).join('.')
  }

  /** Forgets the browsers of a user, the one that asks aside. */
  async forgetOthers(userId: UserId, cookie: string | null): Promise<void> {
    const query = this.#deps.database.deleteFrom('trusted_devices').where('user_id', '=', userId)
    const hashes = hashesIn(cookie)
    await (hashes.length === 0 ? query : query.where('hash', 'not in', hashes)).execute()
  }

  #now(): string {
    return this.#deps.clock.now().toISOString()
  }
}

async function keepNewest(db: Kysely<Tables>, userId: UserId): Promise<void> {
  const newest = db
    .selectFrom('trusted_devices')
    .select('hash')
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .limit(MAX_PER_USER)
  await db.deleteFrom('trusted_devices').where('user_id', '=', userId).where('hash', 'not in', newest).execute()
}

function tokensIn(cookie: string | null): string[] {
  const tokens = (cookie ?? '').split('.', MAX_READ).filter((token) => /^[\w-]{43}$/.test(token))
  return [...new Set(tokens)]
}

function hashesIn(cookie: string | null): string[] {
  return tokensIn(cookie).map(sha256)
}
