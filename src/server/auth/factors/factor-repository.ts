import type { Kysely, Selectable } from 'kysely'
import type { UserId } from '#protocol/ids'
import type { Tables } from '../../platform/schema.ts'

export type TotpRow = Selectable<Tables['totp_secrets']>

/** All SQL of TOTP secrets and recovery codes. */
export class FactorRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  findTotp(userId: UserId): Promise<TotpRow | undefined> {
    return this.#db.selectFrom('totp_secrets').selectAll().where('user_id', '=', userId).executeTakeFirst()
  }

  /** Stores a secret that waits for its first code, over one that waited before. False where one is in force. */
  async putPendingTotp(userId: UserId, secret: string, at: string): Promise<boolean> {
    const fresh = { secret, created_at: at, confirmed_at: null, last_step: 0 }
    const result = await this.#db
      .insertInto('totp_secrets')
      .values({ user_id: userId, ...fresh })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(fresh).where('totp_secrets.confirmed_at', 'is', null))
      .executeTakeFirst()
    return result.numInsertedOrUpdatedRows === 1n
  }

  /** Puts the secret in force. False when it was replaced or put in force in the meantime. */
  async confirmTotp({ user_id, secret }: TotpRow, at: string, step: number): Promise<boolean> {
    const result = await this.#db
      .updateTable('totp_secrets')
      .set({ confirmed_at: at, last_step: step })
      .where('user_id', '=', user_id)
      .where('secret', '=', secret)
      .where('confirmed_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** Uses up the step and all before it. False when it was used already (RFC 6238, section 5.2), also a moment ago by another request. */
  async useTotpStep({ user_id, secret }: TotpRow, step: number): Promise<boolean> {
    const result = await this.#db
      .updateTable('totp_secrets')
      .set({ last_step: step })
      .where('user_id', '=', user_id)
      .where('secret', '=', secret)
      .where('confirmed_at', 'is not', null)
      .where('last_step', '<', step)
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** False when none was in force. */
  async deleteTotp(userId: UserId): Promise<boolean> {
    const row = await this.#db.deleteFrom('totp_secrets').where('user_id', '=', userId).returning('confirmed_at').executeTakeFirst()
    return row !== undefined && row.confirmed_at !== null
  }

  /** Voids all recovery codes and stores others. */
  async replaceRecoveryCodes(userId: UserId, hashes: string[], at: string): Promise<void> {
    await this.deleteRecoveryCodes(userId)
    const rows = hashes.map((hash) => ({ user_id: userId, hash, created_at: at, used_at: null }))
    await this.#db.insertInto('recovery_codes').values(rows).execute()
  }

  async deleteRecoveryCodes(userId: UserId): Promise<void> {
    await this.#db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  }

  /** False for a code that is unknown or used, also a moment ago by another request. */
  async useRecoveryCode(userId: UserId, hash: string, at: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('recovery_codes')
      .set({ used_at: at })
      .where('user_id', '=', userId)
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  async countRecoveryCodes(userId: UserId): Promise<number> {
    const { left } = await this.#db
      .selectFrom('recovery_codes')
      .select(({ fn }) => fn.countAll<number | string>().as('left'))
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    return Number(left)
  }

  /** Whether anything but the password stands in front of the account. */
  async hasFactor(userId: UserId): Promise<boolean> {
    const totp = await this.findTotp(userId)
    if (totp && totp.confirmed_at !== null) return true
    return (await this.#db.selectFrom('passkeys').select('id').where('user_id', '=', userId).limit(1).executeTakeFirst()) !== undefined
  }
}
