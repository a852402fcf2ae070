import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'

/** A random name of this installation, made once: what it leaves in browsers is told from another's on the same host. */
export async function installationId(database: Database): Promise<string> {
  await database
    .insertInto('installation')
    .values({ name: 'id', value: randomBytes(8).toString('hex') })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value } = await database.selectFrom('installation').select('value').where('name', '=', 'id').executeTakeFirstOrThrow()
  return value
}
