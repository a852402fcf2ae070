import type { Insertable, Kysely, Selectable } from 'kysely'
import type { LoginId, UserId } from '#protocol/ids'
import type { Tables } from '../platform/schema.ts'
import type { LoginsTable, RefreshTokensTable, UsersTable, WsTicketsTable } from '../platform/schema-accounts.ts'

export type UserRow = Selectable<UsersTable>
/** In place of a hash: nothing that anybody types is the password. */
export const NO_PASSWORD = ''

export type LoginRow = Selectable<LoginsTable>
export type RefreshTokenRow = Selectable<RefreshTokensTable>

/** All SQL of accounts, logins, refresh tokens and socket tickets. */
export class AuthRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  /** Whether anybody could ever sign in. The user of platform mode, who has no password, does not count; who was removed does. */
  async hasAccounts(): Promise<boolean> {
    const row = await this.#db
      .selectFrom('users')
      .select('id')
      .where((is) => is.or([is('password_hash', '!=', NO_PASSWORD), is('removed_at', 'is not', null)]))
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  /** The user of platform mode, while nobody took the account over. */
  findLocalUser(): Promise<UserRow | undefined> {
    return this.#db
      .selectFrom('users')
      .selectAll()
      .where('password_hash', '=', NO_PASSWORD)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
  }

  /** Gives a user that had no password to a person, with everything that was done in its name. */
  async claimUser(id: UserId, account: Insertable<UsersTable>): Promise<void> {
    const { id: _, created_at: __, ...claimed } = account
    await this.#db.updateTable('users').set(claimed).where('id', '=', id).where('password_hash', '=', NO_PASSWORD).execute()
  }

  /** The oldest user who may sign in. */
  firstUser(): Promise<UserRow | undefined> {
    return this.#db
      .selectFrom('users')
      .selectAll()
      .where('disabled_at', 'is', null)
      .where('removed_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
  }

  async hasUsers(): Promise<boolean> {
    return (await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
  }

  async insertUser(user: Insertable<UsersTable>): Promise<void> {
    await this.#db.insertInto('users').values(user).execute()
  }

  findUserByKey(usernameKey: string): Promise<UserRow | undefined> {
    return this.#db.selectFrom('users').selectAll().where('username_key', '=', usernameKey).executeTakeFirst()
  }

  findUser(id: UserId): Promise<UserRow | undefined> {
    return this.#db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
  }

  async updateUser(id: UserId, change: Partial<Pick<UserRow, 'last_login_at' | 'password_hash' | 'password_changed_at'>>): Promise<void> {
    await this.#db.updateTable('users').set(change).where('id', '=', id).execute()
  }

  async insertLogin(login: Insertable<LoginsTable>): Promise<void> {
    await this.#db.insertInto('logins').values(login).execute()
  }

  findLogin(id: LoginId): Promise<LoginRow | undefined> {
    return this.#db.selectFrom('logins').selectAll().where('id', '=', id).executeTakeFirst()
  }

  async touchLogin(id: LoginId, at: string): Promise<void> {
    await this.#db.updateTable('logins').set({ last_used_at: at }).where('id', '=', id).execute()
  }

  /** Its holder proved again who they are. */
  async freshenLogin(id: LoginId, at: string): Promise<void> {
    await this.#db.updateTable('logins').set({ fresh_at: at }).where('id', '=', id).where('ended_at', 'is', null).execute()
  }

  /** It was used, and from where. */
  async seeLogin(id: LoginId, at: string, address: string): Promise<void> {
    await this.#db.updateTable('logins').set({ last_used_at: at, address }).where('id', '=', id).execute()
  }

  /** Ends the logins that still live and returns which. With `id` and `userId`: that login where it is the user's. */
  async endLogins(which: { id?: LoginId; userId?: UserId; except?: LoginId }, at: string, reason: string): Promise<LoginId[]> {
    const { id, userId, except } = which
    const rows = await this.#db
      .updateTable('logins')
      .set({ ended_at: at, end_reason: reason })
      .where('ended_at', 'is', null)
      .where((is) =>
        is.and([
          ...(id === undefined ? [] : [is('id', '=', id)]),
          ...(userId === undefined ? [] : [is('user_id', '=', userId)]),
          ...(except === undefined ? [] : [is('id', '!=', except)]),
        ]),
      )
      .returning('id')
      .execute()
    return rows.map((row) => row.id)
  }

  async insertRefreshToken(token: Insertable<RefreshTokensTable>): Promise<void> {
    await this.#db.insertInto('refresh_tokens').values(token).execute()
  }

  findRefreshToken(hash: string): Promise<RefreshTokenRow | undefined> {
    return this.#db.selectFrom('refresh_tokens').selectAll().where('hash', '=', hash).executeTakeFirst()
  }

  /** Marks the token used, by which attempt. */
  async useRefreshToken(hash: string, at: string, attemptHash: string | null): Promise<void> {
    await this.#db.updateTable('refresh_tokens').set({ used_at: at, attempt_hash: attemptHash }).where('hash', '=', hash).execute()
  }

  /** Forgets all but the newest used tokens of a login. */
  async forgetUsedTokens(id: LoginId, keep: number): Promise<void> {
    const used = this.#db.selectFrom('refresh_tokens').select('used_at').where('login_id', '=', id).where('used_at', 'is not', null)
    const last = used.orderBy('used_at', 'desc').limit(1).offset(keep)
    await this.#db.deleteFrom('refresh_tokens').where('login_id', '=', id).where('used_at', '<=', last).execute()
  }

  async insertTicket(ticket: Insertable<WsTicketsTable>): Promise<void> {
    await this.#db.insertInto('ws_tickets').values(ticket).execute()
  }

  /** Takes the ticket away, so that it serves once, and returns it where there was one. */
  takeTicket(hash: string): Promise<Selectable<WsTicketsTable> | undefined> {
    return this.#db.deleteFrom('ws_tickets').where('hash', '=', hash).returningAll().executeTakeFirst()
  }

  async pruneTickets(at: string): Promise<void> {
    await this.#db.deleteFrom('ws_tickets').where('expires_at', '<', at).execute()
  }
}
