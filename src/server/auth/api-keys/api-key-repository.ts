import type { Insertable, Kysely, Selectable } from 'kysely'
import type { ApiKeyId, UserId } from '#protocol/ids'
import type { Tables } from '../../platform/schema.ts'
import type { ApiKeysTable } from '../../platform/schema-accounts.ts'

export type ApiKeyRow = Selectable<ApiKeysTable>

/** All SQL of API keys. */
export class ApiKeyRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async insert(key: Insertable<ApiKeysTable>): Promise<void> {
    await this.#db.insertInto('api_keys').values(key).execute()
  }

  /** By the one unique index that there is for it. */
  findByHash(hash: string): Promise<ApiKeyRow | undefined> {
    return this.#db.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirst()
  }

  find(id: ApiKeyId): Promise<ApiKeyRow | undefined> {
    return this.#db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /** A user's keys that are not revoked, the newest first. */
  list(userId: UserId): Promise<ApiKeyRow[]> {
    return this.#db
      .selectFrom('api_keys')
      .selectAll()
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
  }

  /** Revokes a user's own key. Undefined when there is none that lives. */
  revoke(id: ApiKeyId, userId: UserId, at: string): Promise<ApiKeyRow | undefined> {
    return this.#db
      .updateTable('api_keys')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
  }

  /** Revokes all keys of a user that live, and returns which. */
  async revokeAll(userId: UserId, at: string): Promise<ApiKeyId[]> {
    const alive = this.#db.updateTable('api_keys').set({ revoked_at: at }).where('user_id', '=', userId).where('revoked_at', 'is', null)
    return (await alive.returning('id').execute()).map(({ id }) => id)
  }

  /** True for the one use that was the first. */
  async noteFirstUse(id: ApiKeyId, at: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('api_keys')
      .set({ last_used_at: at })
      .where('id', '=', id)
      .where('last_used_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  async noteUse(id: ApiKeyId, at: string): Promise<void> {
    await this.#db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).where('last_used_at', '<', at).execute()
  }

  /** Forgets a user's revoked keys but for the newest `keep`, so that the table does not grow without bound. */
  async pruneRevoked(userId: UserId, keep: number): Promise<void> {
    const kept = this.#db
      .selectFrom('api_keys')
      .select('id')
      .where('user_id', '=', userId)
      .where('revoked_at', 'is not', null)
      .orderBy('revoked_at', 'desc')
      .limit(keep)
    await this.#db
      .deleteFrom('api_keys')
      .where('user_id', '=', userId)
      .where('revoked_at', 'is not', null)
      .where('id', 'not in', kept)
      .execute()
  }
}
