import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { openDatabase } from '../../src/server/platform/database.ts'

/*
 * A process that writes until it is killed: `node killed-writer.ts FOLDER KEY_IN_HEX`. Once it reads a line it opens the
 * database, says `opened <last entry>`, and from then on `<entry>` for each that is committed.
 */
const [folder = '', key = ''] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)
say('loaded')
await once(process.stdin, 'data')
process.stdin.destroy()

const database = await openDatabase(join(folder, 'log.db'), Buffer.from(key, 'hex'))
const lastEntry = async () => {
  const row = await database.selectFrom('audit_log').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.seq ?? 0
}
let seq = await lastEntry()
say(`opened ${String(seq)}`)
for (;;) {
  // A decision and what it changes, of a size that fills pages, so that kills also meet checkpoints.
  await database.transaction().execute(async (transaction) => {
    const value = String(seq + 1)
    await transaction
      .insertInto('installation')
      .values({ name: `decision-${String(seq % 50)}`, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    const details = { number: seq + 1, filler: 'x'.repeat((seq % 7) * 1500) }
    await recordAudit(transaction, { at: new Date(), actor: 'writer', action: 'approval.allowed', details })
  })
  seq += 1
  say(String(seq))
}
