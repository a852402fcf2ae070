import type { Insertable, Kysely, Selectable } from 'kysely'
import type { InvitationId, UserId } from '#protocol/ids'
import type { Tables } from '../../platform/schema.ts'
import type { InvitationsTable } from '../../platform/schema-accounts.ts'

/** With the name of the owner who made it. */
export type InvitationRow = Selectable<InvitationsTable> & { username: string }

/** All SQL of invitations. Open: not used, not revoked, not expired, and made by somebody who is an owner still. */
export class InvitationRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async insert(invitation: Insertable<InvitationsTable>): Promise<void> {
    await this.#db.insertInto('invitations').values(invitation).execute()
  }

  /** Newest first. */
  listOpen(now: string): Promise<InvitationRow[]> {
    return this.#open(now).orderBy('invitations.created_at', 'desc').orderBy('invitations.id').execute()
  }

  findOpen(hash: string, now: string): Promise<InvitationRow | undefined> {
    return this.#open(now).where('hash', '=', hash).executeTakeFirst()
  }

  /** Marks it used. False when somebody was first, or it was revoked meanwhile. */
  async use(id: InvitationId, userId: UserId, at: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('invitations')
      .set({ used_at: at, used_by: userId })
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** False when there was none that could be revoked. */
  async revoke(id: InvitationId, at: string): Promise<boolean> {
    const result = await this.#unused().set({ revoked_at: at }).where('id', '=', id).where('expires_at', '>', at).executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** Those that a user made: they would come back with the role. */
  async revokeAllOf(userId: UserId, at: string): Promise<void> {
    await this.#unused().set({ revoked_at: at }).where('created_by', '=', userId).execute()
  }

  /** Forgets those that expired before `at`; the audit log remembers them. */
  async prune(at: string): Promise<void> {
    await this.#db.deleteFrom('invitations').where('expires_at', '<', at).execute()
  }

  #unused() {
    return this.#db.updateTable('invitations').where('used_at', 'is', null).where('revoked_at', 'is', null)
  }

  #open(now: string) {
    return this.#db
      .selectFrom('invitations')
      .innerJoin('users', 'users.id', 'invitations.created_by')
      .selectAll('invitations')
      .select('users.username')
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .where('users.role', '=', 'owner')
      .where('users.disabled_at', 'is', null)
  }
}
