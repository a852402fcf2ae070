import { sql } from 'kysely'
import { openDatabase } from '../../src/server/platform/database.ts'
import { copyBeforeMigration } from '../../src/server/platform/database-copy.ts'
import { migrate, MIGRATIONS } from '../../src/server/platform/migrations/migrate.ts'

/*
 * A process that is killed, or fails, in the middle of a migration that rewrites everything:
 * `node dying-migration.ts DATABASE KEY_IN_HEX BACKUPS kill|fail`.
 */
const [path = '', key = '', backups = '', how] = process.argv.slice(2)
const database = await openDatabase(path, Buffer.from(key, 'hex'), 'as-is')
await migrate(database, {
  beforeChange: (from) => copyBeforeMigration(database, backups, from),
  migrations: [
    ...MIGRATIONS,
    {
      name: 'dies',
      async up(transaction) {
        await sql`drop trigger if exists audit_log_no_update`.execute(transaction)
        await sql`update audit_log set actor = ${'x'.repeat(4000)}`.execute(transaction)
        await sql`alter table users rename to people`.execute(transaction)
        if (how === 'kill') process.kill(process.pid, 'SIGKILL')
        throw new Error('The migration fails')
      },
    },
  ],
})
