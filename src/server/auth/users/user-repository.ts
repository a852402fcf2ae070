import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { UserId } from '#protocol/ids'
import type { ManagedUser } from '#protocol/users'
import type { Tables } from '../../platform/schema.ts'
import { ApiKeyRepository } from '../api-keys/api-key-repository.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { toUser } from '../logins/login-registry.ts'

/** Where in the list of users, which is in the order in which they came. */
export interface UserPage {
  limit: number
  after?: { createdAt: string; id: string }
}

/** All SQL of users as an owner manages them. Removed ones are not among them. */
export class UserRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  find(id: UserId): Promise<UserRow | undefined> {
    return this.#db.selectFrom('users').selectAll().where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()
  }

  /** Of all users. */
  async names(): Promise<string[]> {
    const rows = await this.#db.selectFrom('users').select('username').where('removed_at', 'is', null).execute()
    return rows.map(({ username }) => username)
  }

  /** @param now when a login must not have expired to be counted */
  async describe(id: UserId, now: string): Promise<ManagedUser | undefined> {
    const row = await this.#managed(now).where('id', '=', id).executeTakeFirst()
    return row && toManagedUser(row)
  }

  async list({ limit, after }: UserPage, now: string): Promise<ManagedUser[]> {
    let query = this.#managed(now)
    if (after) {
      query = query.where((is) =>
        is.or([
          is('created_at', '>', after.createdAt),
          is.and([is('created_at', '=', after.createdAt), is(sql<string>`id`, '>', after.id)]),
        ]),
      )
    }
    return (await query.orderBy('created_at').orderBy('id').limit(limit).execute()).map(toManagedUser)
  }

  async countEnabledOwners(): Promise<number> {
    const row = await this.#db
      .selectFrom('users')
      .select((count) => count.fn.countAll<number | string>().as('owners'))
      .where('role', '=', 'owner')
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    return Number(row?.owners)
  }

  async update(id: UserId, change: Partial<Pick<UserRow, 'role' | 'disabled_at'>>): Promise<void> {
    await this.#db.updateTable('users').set(change).where('id', '=', id).execute()
  }

  /** Ends by which somebody gets in: logins, socket tickets, API keys. A revoked key does not come back with its user. */
  async endAccess(id: UserId, at: string, reason: string): Promise<void> {
    await new AuthRepository(this.#db).endLogins({ userId: id }, at, reason)
    const logins = this.#db.selectFrom('logins').select('id').where('user_id', '=', id)
    const keys = this.#db.selectFrom('api_keys').select('id').where('user_id', '=', id)
    await this.#db
      .deleteFrom('ws_tickets')
      .where((is) => is.or([is('login_id', 'in', logins), is('api_key_id', 'in', keys)]))
      .execute()
    await new ApiKeyRepository(this.#db).revokeAll(id, at)
    await this.#db.deleteFrom('trusted_devices').where('user_id', '=', id).execute()
    await this.#db.deleteFrom('challenges').where('user_id', '=', id).execute()
  }

  /** The row stays for the sessions that refer to it; its name is free for others, and nothing signs in as it again. */
  async remove(id: UserId, at: string): Promise<void> {
    for (const table of ['totp_secrets', 'recovery_codes', 'passkeys', 'password_history', 'notices'] as const)
      await this.#db.deleteFrom(table).where('user_id', '=', id).execute()
    await this.#db
      .updateTable('users')
      // No user name has a colon, and no password hashes to this.
      .set({ removed_at: at, disabled_at: at, username_key: `removed:${id}`, password_hash: '' })
      .where('id', '=', id)
      .execute()
  }

  #managed(now: string) {
    return this.#db
      .selectFrom('users')
      .selectAll()
      .select((of) => [countLogins(of, now).as('logins'), countFactors(of).as('factors')])
      .where('removed_at', 'is', null)
  }
}

type Of = ExpressionBuilder<Tables, 'users'>

function countLogins(of: Of, now: string) {
  return of
    .selectFrom('logins')
    .select((count) => count.fn.countAll<number | string>().as('count'))
    .whereRef('logins.user_id', '=', 'users.id')
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
}

function countFactors(of: Of) {
  const passkeys = of
    .selectFrom('passkeys')
    .select((count) => count.fn.countAll<number | string>().as('count'))
    .whereRef('passkeys.user_id', '=', 'users.id')
  const totp = of
    .selectFrom('totp_secrets')
    .select((count) => count.fn.countAll<number | string>().as('count'))
    .whereRef('totp_secrets.user_id', '=', 'users.id')
    .where('confirmed_at', 'is not', null)
  return sql<number | string>`(${passkeys}) + (${totp})`
}

function toManagedUser(row: UserRow & { logins: number | string | null; factors: number | string }): ManagedUser {
  return { ...toUser(row), disabledAt: row.disabled_at, secondFactor: Number(row.factors) > 0, logins: Number(row.logins) }
}
