import type { Insertable, Kysely, Selectable } from 'kysely'
import type { PasskeyId, UserId } from '#protocol/ids'
import type { Tables } from '../../platform/schema.ts'

export type PasskeyRow = Selectable<Tables['passkeys']>

/** All SQL of passkeys. */
export class PasskeyRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  /** Oldest first. */
  list(userId: UserId): Promise<PasskeyRow[]> {
    return this.#db.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute()
  }

  findByCredential(credentialId: string): Promise<PasskeyRow | undefined> {
    return this.#db.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId).executeTakeFirst()
  }

  /** False where that credential is known already, whoever's it is. */
  async insert(passkey: Insertable<Tables['passkeys']>): Promise<boolean> {
    const result = await this.#db
      .insertInto('passkeys')
      .values(passkey)
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .executeTakeFirst()
    return result.numInsertedOrUpdatedRows === 1n
  }

  /** Undefined where the user has no such passkey. */
  rename(userId: UserId, id: PasskeyId, name: string): Promise<PasskeyRow | undefined> {
    return this.#db
      .updateTable('passkeys')
      .set({ name })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returningAll()
      .executeTakeFirst()
  }

  /** Undefined where the user has no such passkey. */
  delete(userId: UserId, id: PasskeyId): Promise<PasskeyRow | undefined> {
    return this.#db.deleteFrom('passkeys').where('id', '=', id).where('user_id', '=', userId).returningAll().executeTakeFirst()
  }

  /**
   * Takes note of a use. False where the signature counter did not go up, which means a copy (Web Authentication, section
   * 6.1.1), unless the authenticator does not count or the key is one that is synchronised between devices.
   */
  async use(id: PasskeyId, { counter, backedUp, at }: { counter: number; backedUp: boolean; at: string }): Promise<boolean> {
    const result = await this.#db
      .updateTable('passkeys')
      .set({ counter, backed_up: backedUp ? 1 : 0, last_used_at: at })
      .where('id', '=', id)
      .where((where) =>
        where.or([where('backed_up', '=', 1), where('counter', '<', counter), ...(counter === 0 ? [where('counter', '=', 0)] : [])]),
      )
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }
}
