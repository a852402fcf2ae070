import type { Kysely } from 'kysely'
import type { LoginId, UserId } from '#protocol/ids'
import { DomainError } from '../../platform/domain-error.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { AuthRepository, type UserRow } from '../auth-repository.ts'
import { costOf } from './bcrypt-cost.ts'

/** The current password and the four before it. */
const REMEMBERED = 5

/** Somebody else changed it while this was on its way. */
export class PasswordChangedMeanwhileError extends DomainError {
  constructor() {
    super('CONFLICT', 'The password was changed from somewhere else at the same moment. Sign in again with the one that is right now.')
  }
}

/** Hashes that the next password must not match: the current one first, then the former ones, newest first. */
export async function formerHashes(db: Kysely<Tables>, userId: UserId): Promise<string[]> {
  const user = await new AuthRepository(db).findUser(userId)
  const former = await db
    .selectFrom('password_history')
    .select('password_hash')
    .where('user_id', '=', userId)
    .orderBy('retired_at', 'desc')
    .limit(REMEMBERED - 1)
    .execute()
  return [user?.password_hash, ...former.map((row) => row.password_hash)].filter((hash) => hash !== undefined)
}

/** The dearest hash of any account; 0 without one. */
export async function highestCost(db: Kysely<Tables>): Promise<number> {
  const rows = await db.selectFrom('users').select('password_hash').execute()
  return rows.reduce((highest, { password_hash }) => Math.max(highest, costOf(password_hash) ?? 0), 0)
}

/** The same password hashed anew, unless it was changed meanwhile. */
export async function storeUpgrade(
  db: Kysely<Tables>,
  { id, password_hash: from }: Pick<UserRow, 'id' | 'password_hash'>,
  to: string,
): Promise<void> {
  await db.updateTable('users').set({ password_hash: to }).where('id', '=', id).where('password_hash', '=', from).execute()
}

export interface Replacement {
  user: Pick<UserRow, 'id' | 'password_hash'>
  passwordHash: string
  at: Date
  /** Why logins end, for the audit log. */
  reason: string
  /** The login that goes on; null for none. */
  exceptLogin: LoginId | null
  /** The trusted device that stays one, as stored; null for none. */
  exceptDevice: string | null
}

/**
 * Sets another password and ends what the old one had opened: logins and trusted devices. To be run in a transaction.
 * @returns the logins that ended
 * @throws PasswordChangedMeanwhileError when the password is not the one in `user` any more
 */
export async function replacePassword(
  transaction: Kysely<Tables>,
  { user, passwordHash, at, reason, exceptLogin, exceptDevice }: Replacement,
): Promise<LoginId[]> {
  const now = at.toISOString()
  const changed = await transaction
    .updateTable('users')
    .set({ password_hash: passwordHash, password_changed_at: now })
    .where('id', '=', user.id)
    .where('password_hash', '=', user.password_hash)
    .executeTakeFirst()
  if (changed.numUpdatedRows !== 1n) throw new PasswordChangedMeanwhileError()
  await remember(transaction, user, now)
  const devices = transaction.deleteFrom('trusted_devices').where('user_id', '=', user.id)
  await (exceptDevice === null ? devices : devices.where('hash', '!=', exceptDevice)).execute()
  const which = { userId: user.id, ...(exceptLogin === null ? {} : { except: exceptLogin }) }
  return new AuthRepository(transaction).endLogins(which, now, reason)
}

/** Keeps the password that was, and no more than the next one is compared with. */
async function remember(transaction: Kysely<Tables>, user: Replacement['user'], now: string): Promise<void> {
  if (costOf(user.password_hash) !== null)
    await transaction
      .insertInto('password_history')
      .values({ id: newId('pwd'), user_id: user.id, password_hash: user.password_hash, retired_at: now })
      .execute()
  const kept = transaction
    .selectFrom('password_history')
    .select('id')
    .where('user_id', '=', user.id)
    .orderBy('retired_at', 'desc')
    .limit(REMEMBERED - 1)
  await transaction.deleteFrom('password_history').where('user_id', '=', user.id).where('id', 'not in', kept).execute()
}
