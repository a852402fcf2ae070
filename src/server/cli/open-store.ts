import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type DataFolderLock, ensurePrivateDirectory, ensurePrivateFile, lockDataFolder } from '../platform/data-folder.ts'
import { type DataFolderFinding, secureDataFolder } from '../platform/data-folder-check.ts'
import { type Database, DatabaseDamagedError, findDamage, openDatabase, translateStorageError } from '../platform/database.ts'
import { loadOrMakeKey } from '../platform/key-store.ts'
import { UnusableDataError } from '../platform/unusable-data-error.ts'

/** A larger database is not read through at the start, so that nobody waits for it; doctor does it. */
const READ_THROUGH_BYTES = 256 * 1024 ** 2

/** In the data folder while a backup is brought back into it. */
export const UNFINISHED_RESTORE = '.restore-incomplete'

/** A restore into the folder was cut off. */
export class RestoreUnfinishedError extends UnusableDataError {
  constructor(directory: string) {
    super(
      `A restore into the data folder ${directory} was not finished, so what is in it is not whole. ` +
        `Empty the folder and restore again; the backup is as it was.`,
    )
  }
}

/** Nothing can be written where the data is to be kept. */
export class DataFolderUnwritableError extends UnusableDataError {
  constructor(directory: string, cause: Error) {
    super(
      `The data folder ${directory} cannot be written to (${codeOf(cause)}). ` +
        'Give it to the user that the server runs as, mount it writable, or name another one with --data-dir.',
      { cause },
    )
  }
}

/** The database is gone from a folder that others know of entries of its audit log in. */
export class DatabaseMissingError extends UnusableDataError {
  constructor(path: string, checkpoints: string) {
    super(
      `The database ${path} is missing or empty, and ${checkpoints} vouches for entries that were in it. ` +
        'Put it back, or restore a backup into an empty data folder; to begin anew, name another --data-dir. Nothing was changed.',
    )
  }
}

/** A data folder that is this process's own. */
export interface ClaimedFolder {
  lock: DataFolderLock
  /** What was repaired or somebody should look at. */
  findings: DataFolderFinding[]
  /** Whether whoever had it before did not end in order. */
  isAfterCrash: boolean
}

/**
 * Makes the data folder, or makes an existing one safe, and claims it.
 * @throws DataFolderUnsafeError | DataFolderUnwritableError | RestoreUnfinishedError | DataFolderInUseError
 */
export function claimDataFolder({ dataDirectory }: Config): ClaimedFolder {
  try {
    if (!existsSync(dataDirectory)) ensurePrivateDirectory(dataDirectory)
    const findings = secureDataFolder(dataDirectory)
    if (existsSync(join(dataDirectory, UNFINISHED_RESTORE))) throw new RestoreUnfinishedError(dataDirectory)
    const isAfterCrash = existsSync(join(dataDirectory, 'server.json'))
    return { lock: lockDataFolder(dataDirectory), findings, isAfterCrash }
  } catch (error) {
    throw explained(dataDirectory, error)
  }
}

/**
 * Opens the database, or makes it in a folder that never had one. After a crash it is read through first.
 * @throws UnusableDataError | StorageFullError
 */
export async function openStore(config: Config, { isAfterCrash }: { isAfterCrash: boolean }): Promise<Database> {
  const { databasePath, dataDirectory } = config
  refuseMissing(config)
  try {
    const key = config.encryptionKey ?? loadOrMakeKey(dataDirectory, 'database')
    for (const suffix of ['', '-wal', '-shm']) ensurePrivateFile(`${databasePath}${suffix}`)
    const database = await openDatabase(databasePath, key, { backups: join(dataDirectory, 'backups') })
    if (!isAfterCrash || sizeOf(databasePath) > READ_THROUGH_BYTES) return database
    const damage = await findDamage(database)
    if (damage === null) return database
    await database.destroy()
    throw new DatabaseDamagedError(databasePath, damage)
  } catch (error) {
    throw explained(dataDirectory, error)
  }
}

/** An emptied file would be taken for a new database, and what was in it forgotten without a word. */
function refuseMissing({ databasePath, dataDirectory }: Config): void {
  const checkpoints = join(dataDirectory, 'audit', 'checkpoints.jsonl')
  if (sizeOf(databasePath) === 0 && sizeOf(checkpoints) > 0) throw new DatabaseMissingError(databasePath, checkpoints)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Tells a place that cannot be written to in words. */
function explained(directory: string, error: unknown): unknown {
  return isUnwritable(error) ? new DataFolderUnwritableError(directory, error) : translateStorageError(error)
}

const UNWRITABLE = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'SQLITE_CANTOPEN'])

function isUnwritable(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && (UNWRITABLE.has(String(error.code)) || String(error.code).startsWith('SQLITE_READONLY'))
  )
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message
}
