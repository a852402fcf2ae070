import type { Kysely } from 'kysely'
import type { LoginId, UserId } from '#protocol/ids'
import type { Tables } from '../../platform/schema.ts'
import type { LoginRow } from '../auth-repository.ts'
import type { Client } from '../client.ts'
import { idleSince } from './login-lifetime.ts'

/** A list is to be read by a person; more devices than this nobody has. */
const MAX_LISTED = 500

/** The SQL of several logins at once. */
export class LoginRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  /** The user's logins that live, the last used first. */
  listAlive(userId: UserId, now: Date): Promise<LoginRow[]> {
    return this.#alive(userId, now).selectAll().orderBy('last_used_at', 'desc').orderBy('id').limit(MAX_LISTED).execute()
  }

  /** The user's logins that live beyond the newest `most` by last use; of those used at the same time the older ones. Never `except`. */
  async listUnusedBeyond(most: number, { userId, except, now }: { userId: UserId; except: LoginId; now: Date }): Promise<LoginId[]> {
    const rows = await this.#alive(userId, now)
      .select('id')
      .where('id', '!=', except)
      .orderBy('last_used_at', 'desc')
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(MAX_LISTED)
      .offset(most - 1)
      .execute()
    return rows.map(({ id }) => id)
  }

  async hasOtherAlive(userId: UserId, than: LoginId, now: Date): Promise<boolean> {
    return (await this.#alive(userId, now).select('id').where('id', '!=', than).limit(1).executeTakeFirst()) !== undefined
  }

  /** Whether the user was signed in before `than`, and whether from such a device at such an address. */
  async earlier(userId: UserId, than: LoginId, { device, address }: Client): Promise<{ any: boolean; alike: boolean }> {
    const others = this.#db.selectFrom('logins').select('id').where('user_id', '=', userId).where('id', '!=', than).limit(1)
    const any = await others.executeTakeFirst()
    const alike = await others.where('device', '=', device).where('address', '=', address).executeTakeFirst()
    return { any: any !== undefined, alike: alike !== undefined }
  }

  #alive(userId: UserId, now: Date) {
    return this.#db
      .selectFrom('logins')
      .where('user_id', '=', userId)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now.toISOString())
      .where('last_used_at', '>', idleSince(now))
  }
}
