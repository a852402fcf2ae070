import { statfs } from 'node:fs/promises'
import { type Check, fail, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { shellWord } from '../place.ts'
import { seeFile } from '../probe/file-modes.ts'
import { type Database, findDamage } from '../../platform/database.ts'
import { networkFileSystem } from '../../platform/data-folder-check.ts'
import { pragma } from '../probe/database-facts.ts'

const GIB = 1024 ** 3
const DAY_MS = 86_400_000
const BACKUP_DAYS = 7
const OLD_BACKUP_DAYS = 30
const LEAST_BYTES = 256 * 1024 ** 2
/** Reading every page holds the thread for about a second a GiB; the server does so up to this size alone. */
const MOST_WHILE_SERVING = 32 * 1024 ** 2

export const STORAGE_CHECKS: readonly Check[] = [
  {
    id: 'storage-space',
    area: 'storage',
    title: 'There is room on the disk',
    severity: 'high',
    why: 'On a full disk nothing can be decided or recorded, so agents stand still.',
    fix: ({ config: { dataDirectory } }) => ({
      text: 'Free some space, or move the data folder.',
      command: `du -xh -d 2 ${shellWord(dataDirectory)} | sort -h | tail`,
    }),
    references: { issue: ['storage-wal'], asvs: ['16.2.1'] },
    look: lookAtSpace,
  },
  {
    id: 'storage-file-system',
    area: 'storage',
    title: 'The database lies on a local disk',
    severity: 'medium',
    why: 'Over a network, locks and the write-ahead log of SQLite cannot be relied on: two servers could write at once.',
    fix: ({ place }) => ({ text: 'Move the data folder to a local disk.', command: place.setting('DATA_DIR', '/var/lib/ai-code-ui') }),
    references: { issue: ['storage-wal'] },
    look: lookAtFileSystem,
  },
  {
    id: 'storage-journal',
    area: 'storage',
    title: 'The database syncs what was acknowledged',
    severity: 'high',
    why: 'A decision that was acted on must be in the audit log after a power cut, too.',
    fix: ({ place }) => ({ text: 'The server turns it on at its start.', command: place.restart }),
    references: { issue: ['storage-wal'] },
    needs: 'database',
    look: lookAtJournal,
  },
  {
    id: 'storage-backup',
    area: 'storage',
    title: 'There is a backup of the last week',
    severity: 'medium',
    why: 'A disk that dies, or a command that went wrong, takes everything since the last backup.',
    fix: ({ place }) => ({
      text: 'Make a backup, and have that done every night. Keep the file on another machine, and what opens it somewhere else.',
      command:
        place.manager.kind === 'container'
          ? `${place.product('backup /tmp/backup.age --passphrase')} && docker compose -f deploy/docker/compose.yaml cp server:/tmp/backup.age .`
          : place.product('backup "/var/backups/ai-code-ui-$(date +%F).age" --passphrase'),
    }),
    references: { guide: ['ongoing-5'], issue: ['storage-backup'] },
    needs: 'database',
    look: lookAtBackups,
  },
  {
    id: 'storage-damage',
    area: 'storage',
    title: 'Every page of the database is as it was written',
    severity: 'critical',
    why: 'Disks lose bits. Found early, a backup still has what is lost.',
    fix: ({ place }) => ({
      text: 'Run doctor on the host. Where it finds damage, keep a copy of the data folder and restore a backup.',
      command: place.product('doctor'),
    }),
    references: { guide: ['ongoing-5'], issue: ['storage-wal', 'vault-database'], asvs: ['14.2.4'] },
    needs: 'database',
    limitMs: 60_000,
    look: lookForDamage,
  },
]

async function lookAtSpace({ config: { dataDirectory } }: Installation): Promise<Finding> {
  if ((await seeFile(dataDirectory)) === null) return notApplicable(`There is no ${dataDirectory} yet.`)
  const { bavail, bsize, blocks } = await statfs(dataDirectory)
  const free = bavail * bsize
  const share = blocks === 0 ? 1 : bavail / blocks
  const seen = `${(free / GIB).toFixed(1)} GiB (${String(Math.round(share * 100))} %) are free for ${dataDirectory}.`
  if (free < LEAST_BYTES) return fail(seen)
  return free < GIB || (share < 0.05 && free < 10 * GIB) ? warn(seen) : pass(seen)
}

async function lookAtFileSystem({ config: { dataDirectory } }: Installation): Promise<Finding> {
  if ((await seeFile(dataDirectory)) === null) return notApplicable(`There is no ${dataDirectory} yet.`)
  const { type } = await statfs(dataDirectory)
  const network = networkFileSystem(type)
  return network === undefined
    ? pass(`The file system of ${dataDirectory} (type 0x${type.toString(16)}) is no known network file system.`)
    : fail(`${dataDirectory} lies on ${network}.`)
}

async function lookAtJournal({ database }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const mode = await pragma(database, 'journal_mode')
  const sync = await pragma(database, 'synchronous')
  const seen = `journal_mode is ${mode ?? 'unknown'}, synchronous is ${sync ?? 'unknown'}.`
  // 2 is FULL: a commit returns when it is on the disk.
  return mode === 'wal' && Number(sync) >= 2 ? pass(seen) : fail(seen)
}

async function lookForDamage({ config: { databasePath }, database, process: server }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const size = (await seeFile(databasePath))?.stats.size ?? 0
  const isServing = server?.pid === process.pid
  if (isServing && size > MOST_WHILE_SERVING)
    return unseen('reading the whole database would hold the server up; the command does so beside it.')
  const damage = await findDamage(database)
  return damage === null
    ? pass(`Every page of ${databasePath} (${String(Math.ceil(size / 1024))} KiB) is as it was written.`)
    : fail(`${databasePath}: ${damage}.`)
}

/** By the audit log: where the file went, and whether it still lies there, nobody here knows. */
async function lookAtBackups({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const { begun, made } = await backupTimes(database)
  const daysSince = (at: string) => Math.floor((now.getTime() - Date.parse(at)) / DAY_MS)
  if (made === null) {
    const age = begun === null ? 0 : daysSince(begun)
    return age > OLD_BACKUP_DAYS ? fail(`No backup was made in ${String(age)} days.`) : warn('No backup was made yet.')
  }
  const seen = `The last backup was begun on ${made.slice(0, 10)}, ${String(daysSince(made))} days ago.`
  if (daysSince(made) > OLD_BACKUP_DAYS) return fail(seen)
  return daysSince(made) > BACKUP_DAYS ? warn(seen) : pass(seen)
}

/** When the first entry of the log was written, and when the last backup was made. */
async function backupTimes(database: Database): Promise<{ begun: string | null; made: string | null }> {
  const first = await database.selectFrom('audit_log').select('at').orderBy('seq').limit(1).executeTakeFirst()
  const last = await database
    .selectFrom('audit_log')
    .select('at')
    .where('action', '=', 'backup.made')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { begun: first?.at ?? null, made: last?.at ?? null }
}
