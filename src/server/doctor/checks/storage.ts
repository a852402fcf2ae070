import { statfs } from 'node:fs/promises'
import { type Check, fail, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { shellWord } from '../place.ts'
import { seeFile } from '../probe/file-modes.ts'
import { pragma } from '../probe/database-facts.ts'

const GIB = 1024 ** 3
const LEAST_BYTES = 256 * 1024 ** 2
/** On these, SQLite's locks cannot be relied on. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB 2'],
  [0x517b, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9P'],
])

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
    title: 'The database keeps a write-ahead log',
    severity: 'high',
    why: 'What was acknowledged survives a crash.',
    fix: ({ place }) => ({ text: 'The server turns it on at its start.', command: place.restart }),
    references: { issue: ['storage-wal'] },
    needs: 'database',
    look: lookAtJournal,
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

/** The name of a file system over a network by its `f_type` (statfs(2)); undefined for every other. */
export function networkFileSystem(type: number): string | undefined {
  return NETWORK_FILE_SYSTEMS.get(type)
}

async function lookAtJournal({ database }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const mode = await pragma(database, 'journal_mode')
  return mode === 'wal' ? pass('journal_mode is wal.') : fail(`journal_mode is ${mode ?? 'unknown'}.`)
}
