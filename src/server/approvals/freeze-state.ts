import type { Kysely } from 'kysely'
import { FreezeState } from '#protocol/approvals'
import type { Tables } from '../platform/schema.ts'
import { FrozenError } from './approval-errors.ts'

const NAME = 'freeze'
const OPEN: FreezeState = { frozen: false, by: null, at: null, reason: null }

/** Whether everything is frozen, as the database says: it survives a restart. */
export async function readFreeze(db: Kysely<Tables>): Promise<FreezeState> {
  const row = await db.selectFrom('installation').select('value').where('name', '=', NAME).executeTakeFirst()
  return row ? FreezeState.parse(JSON.parse(row.value)) : OPEN
}

/** In the transaction of whatever would let an agent go on. @throws FrozenError */
export async function refuseFrozen(db: Kysely<Tables>): Promise<void> {
  const state = await readFreeze(db)
  if (state.frozen) throw new FrozenError(state)
}

/** False where it was so already. */
export async function writeFreeze(transaction: Kysely<Tables>, state: FreezeState): Promise<boolean> {
  if (!state.frozen) {
    const { numDeletedRows } = await transaction.deleteFrom('installation').where('name', '=', NAME).executeTakeFirst()
    return numDeletedRows > 0n
  }
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('installation')
    .values({ name: NAME, value: JSON.stringify(state) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
