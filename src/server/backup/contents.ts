import { lstatSync, readdirSync, readFileSync, rmSync, type Stats, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { copyDatabase } from '../platform/database-copy.ts'
import type { Database } from '../platform/database.ts'
import { ensurePrivateDirectory } from '../platform/data-folder.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Source } from './archive.ts'
import { canStandInBackup, DATABASE_IN_BACKUP, isOfServerAlone } from './backup-paths.ts'

const ATTEMPTS = 3
/** Sealed parts of the audit log: as large as they like, and never changed. */
const SEGMENT = /^audit\/segment-.*\.jsonl\.gz$/
/** Larger ones are read while they are packed, so that no file is in memory as a whole. */
const MOST_AT_ONCE = 16 * 1024 ** 2

/** What a data folder holds at one moment, as the entries of a backup. */
export interface Contents {
  sources: () => AsyncIterable<Source>
  /** What lies in the folder and is not in it although it is no server's own, as clauses with the reason. */
  leftOut: readonly string[]
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
    const found = filesIn(dataDirectory, databasePath)
    const files = read(dataDirectory, found.paths)
    await rm(copy, { force: true })
    await copyDatabase(database, copy)
    if (keysAmong(files) === keysAmong(read(dataDirectory, filesIn(dataDirectory, databasePath).paths.filter(isKey))))
      return {
        leftOut: found.leftOut,
        sources: () => allSources({ dataDirectory, databasePath, copy, files }),
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

interface Packing {
  dataDirectory: string
  databasePath: string
  /** Of the database. */
  copy: string
  /** What was read before it. */
  files: ReadonlyMap<string, Buffer>
}

async function* allSources({ dataDirectory, databasePath, copy, files }: Packing): AsyncGenerator<Source> {
  for (const [path, content] of files) yield { path, content }
  yield { path: DATABASE_IN_BACKUP, file: copy }
  for (const path of filesIn(dataDirectory, databasePath).paths)
    if (isStreamed(dataDirectory, path) && !files.has(path)) yield { path, file: join(dataDirectory, path) }
}

/** Everything but segments and what is large: keys, settings, checkpoints. Read at once, before they change. */
function read(dataDirectory: string, paths: readonly string[]): Map<string, Buffer> {
  const small = paths.filter((path) => !isStreamed(dataDirectory, path))
  return new Map(small.map((path) => [path, readFileSync(join(dataDirectory, path))]))
}

function isStreamed(dataDirectory: string, path: string): boolean {
  return SEGMENT.test(path) || statSync(join(dataDirectory, path)).size > MOST_AT_ONCE
}

function isKey(path: string): boolean {
  return path.startsWith('keys/')
}

function keysAmong(files: ReadonlyMap<string, Buffer>): string {
  return JSON.stringify([...files].filter(([path]) => isKey(path)).map(([path, content]) => [path, content.toString('base64')]))
}

interface Found {
  paths: string[]
  leftOut: string[]
}

/** The files to pack, in the order of their names. Links to folders are not walked through: there is no end to where they lead. */
function filesIn(dataDirectory: string, databasePath: string): Found {
  const found: Found = { paths: [], leftOut: [] }
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of readdirSync(join(dataDirectory, folder))) {
      const path = join(folder, name)
      if (isOfServerAlone(path) || path === relative(dataDirectory, databasePath)) continue
      const stats = lstatSync(join(dataDirectory, path), { throwIfNoEntry: false })
      if (stats?.isDirectory() === true) folders.push(path)
      else if (stats !== undefined) sort(found, { path, stats, target: statSync(join(dataDirectory, path), { throwIfNoEntry: false }) })
    }
  }
  found.paths.sort()
  return found
}

/** Links to files are followed: what a setting or a key leads to is needed to come back. */
function sort({ paths, leftOut }: Found, { path, stats, target }: { path: string; stats: Stats; target: Stats | undefined }): void {
  if (target?.isDirectory() === true) leftOut.push(`${path} is a link to a folder`)
  else if (target?.isFile() !== true) return
  else if (path === DATABASE_IN_BACKUP) leftOut.push(`${path} is not the database in use`)
  else if (!canStandInBackup(path)) leftOut.push(`${JSON.stringify(path)} has a name that does not come back everywhere`)
  else if (stats.isSymbolicLink() && isForeign(stats, target)) leftOut.push(`${path} is a link to another user's file`)
  else paths.push(path)
}

/** Root could be led by a link to what whoever made the link may not read, and would hand it to them at the restore. */
function isForeign(link: Stats, target: Stats): boolean {
  return process.getuid?.() === 0 && link.uid !== 0 && link.uid !== target.uid
}
