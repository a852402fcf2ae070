import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { loadOrMakeAuditKey } from '../../src/server/audit/audit-key.ts'
import { AuditRetention } from '../../src/server/audit/audit-retention.ts'
import { SegmentFiles } from '../../src/server/audit/segment-file.ts'
import { openDatabase } from '../../src/server/platform/database.ts'

/*
 * A process that dies while it seals a segment: `node killed-sealing.ts FOLDER NOW POINT`. At `file` the file is written
 * and nothing else; at `delete` the entries are deleted too, in a transaction that never ends.
 */
const [folder = '', now = '', point] = process.argv.slice(2)
const database = await openDatabase(join(folder, 'log.db'), Buffer.from(readFileSync(join(folder, 'key'), 'utf8'), 'hex'))
const clock = { now: () => new Date(now) }
const retention = new AuditRetention({
  database,
  clock,
  key: loadOrMakeAuditKey(folder),
  segments: new SegmentFiles(folder),
  retentionDays: 30,
})
const cut = await retention.nextCut()
if (!cut) throw new Error('There is nothing to seal')
await retention.write(cut)
if (point === 'delete') {
  await sql`begin immediate`.execute(database)
  await sql`drop trigger audit_log_no_delete`.execute(database)
  await sql`delete from audit_log where seq <= ${cut.checkpoint.seq}`.execute(database)
}
process.kill(process.pid, 'SIGKILL')
