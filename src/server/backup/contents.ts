import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { copyDatabase } from '../platform/database-copy.ts'
import type { Database } from '../platform/database.ts'
import { ensurePrivateDirectory } from '../platform/data-folder.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Source } from './archive.ts'

/** The database's name in a backup, wherever it lies. */
export const DATABASE_IN_BACKUP = 'ai-code-ui.db'
const ATTEMPTS = 3
/** Sealed parts of the audit log: as large as they like, and never changed. */
const SEGMENT = /^audit\/segment-.*\.jsonl\.gz$/
/** What belongs to a running server, and what is half-written. */
const LEFT_OUT = /^(?:server\.lock|server\.json|backups(?:\/.*)?|.*\.lock|.*\.new|.*-(?:wal|shm|journal)|\.restore-incomplete(?:\/.*)?)$/

/** What a data folder holds at one moment, as the entries of a backup. */
export interface Contents {
  sources: () => AsyncIterable<Source>
  /** Removes what was copied for it. */
  dispose: () => Promise<void>
}

/**
 * A consistent view of a data folder while a server works on it. Signed checkpoints first, then the database, which holds
 * all that they vouch for, then the segments, one of which may hold what the database holds too. Where the keys
 * were changed meanwhile it is done again, so that database and keys fit.
 * @throws Error of SQLite or node:fs
 */
export async function contentsOf(dataDirectory: string, databasePath: string, database: Database): Promise<Contents> {
  const backups = join(dataDirectory, 'backups')
  ensurePrivateDirectory(backups)
  removeAbandoned(backups)
  const copy = join(backups, `.backup-${String(process.pid)}.db`)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const files = smallFiles(dataDirectory, databasePath)
    await rm(copy, { force: true })
    await copyDatabase(database, copy)
    if (keysAmong(files) === keysAmong(smallFiles(dataDirectory, databasePath)))
      return {
        sources: () => allSources(dataDirectory, databasePath, copy, files),
        dispose: () => rm(copy, { force: true }),
      }
  }
  await rm(copy, { force: true })
  throw new DomainError('CONFLICT', 'The keys of this installation were changed again and again while it was copied. Try again later.')
}

/** Copies of those that were killed. */
function removeAbandoned(backups: string): void {
  for (const name of readdirSync(backups)) {
    const pid = /^\.backup-(\d+)\.db/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(backups, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Of another user: there is one.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function* allSources(
  dataDirectory: string,
  databasePath: string,
  copy: string,
  files: ReadonlyMap<string, Buffer>,
): AsyncGenerator<Source> {
  for (const [path, content] of files) yield { path, content }
  yield { path: DATABASE_IN_BACKUP, file: copy }
  for (const path of filesIn(dataDirectory, databasePath)) if (SEGMENT.test(path)) yield { path, file: join(dataDirectory, path) }
}

/** Everything but segments: keys, settings, checkpoints. Read at once, before they change. */
function smallFiles(dataDirectory: string, databasePath: string): Map<string, Buffer> {
  const paths = filesIn(dataDirectory, databasePath).filter((path) => !SEGMENT.test(path))
  return new Map(paths.map((path) => [path, readFileSync(join(dataDirectory, path))]))
}

function keysAmong(files: ReadonlyMap<string, Buffer>): string {
  return JSON.stringify(
    [...files].filter(([path]) => path.startsWith('keys/')).map(([path, content]) => [path, content.toString('base64')]),
  )
}

function filesIn(dataDirectory: string, databasePath: string): string[] {
  const entries = readdirSync(dataDirectory, { recursive: true, encoding: 'utf8' })
  return entries
    .filter((path) => !LEFT_OUT.test(path) && path !== relative(dataDirectory, databasePath) && isFile(join(dataDirectory, path)))
    .sort()
}

/** Links are followed: what a setting or a key leads to is needed to come back. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
