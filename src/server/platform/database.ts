import { dirname, join } from 'node:path'
import SqliteDatabase from 'better-sqlite3-multiple-ciphers'
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, type SqliteDialectConfig, SqliteDriver, sql } from 'kysely'
import { copyBeforeMigration } from './database-copy.ts'
import { DomainError } from './domain-error.ts'
import { migrate, requireCurrentSchema } from './migrations/migrate.ts'
import type { Tables } from './schema.ts'
import { UnusableDataError } from './unusable-data-error.ts'

export type Database = Kysely<Tables>

/** Pages that the write-ahead log may hold before SQLite moves them into the database: 4 MiB. */
const WAL_PAGES = 1000
/** A longer log, as after a long read or a big transaction, is cut back to this once it has been moved. */
const WAL_KEPT_BYTES = 16 * 1024 ** 2

/** The key does not fit the file, or the file is damaged. */
export class DatabaseUnreadableError extends UnusableDataError {
  constructor(path: string, cause: unknown) {
    super(
      `The database ${path} cannot be read with the encryption key in use. ` +
        'If ENCRYPTION_KEY or DATA_DIR/keys was changed, put the old key back; else restore a backup. Nothing was changed.',
      { cause },
    )
  }
}

/** SQLite ends a transaction by itself when the disk is full; rolling it back once more would fail and hide why. */
class Driver extends SqliteDriver {
  readonly #sqlite: SqliteDatabase.Database

  constructor(config: SqliteDialectConfig, sqlite: SqliteDatabase.Database) {
    super(config)
    this.#sqlite = sqlite
  }

  /** With the write lock from the start: what a transaction read still holds when it writes, for other processes too. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection)
  }
}

class Dialect extends SqliteDialect {
  readonly #sqlite: SqliteDatabase.Database

  constructor(sqlite: SqliteDatabase.Database) {
    super({ database: sqlite })
    this.#sqlite = sqlite
  }

  override createDriver(): Driver {
    return new Driver({ database: this.#sqlite }, this.#sqlite)
  }
}

export interface OpenOptions {
  /** `migrate`, the default, brings an older schema up to date; `as-is` refuses it, for whoever may not be alone with the file. */
  schema?: 'migrate' | 'as-is'
  /** Where the copy from before a migration goes; `backups` beside the file unless said. */
  backups?: string
}

/**
 * Opens (or makes) the embedded database: SQLCipher 4 format with a raw key, so every page is encrypted and authenticated.
 * @param path the file
 * @param key 32 bytes
 * @throws DatabaseUnreadableError | NewerDatabaseError | OlderDatabaseError
 */
export async function openDatabase(path: string, key: Buffer, options: OpenOptions | 'as-is' = {}): Promise<Database> {
  const { schema = 'migrate', backups = join(dirname(path), 'backups') } = options === 'as-is' ? { schema: options } : options
  const sqlite = openSqlite(path, key)
  const db = new Kysely<Tables>({ dialect: new Dialect(sqlite) })
  try {
    await (schema === 'migrate'
      ? migrate(db, { beforeChange: (from) => copyBeforeMigration(db, backups, from) })
      : requireCurrentSchema(db))
  } catch (error) {
    await db.destroy()
    throw isDamage(error) ? new DatabaseUnreadableError(path, error) : translateStorageError(error)
  }
  return db
}

function openSqlite(path: string, key: Buffer): SqliteDatabase.Database {
  const sqlite = new SqliteDatabase(path)
  try {
    // The order matters: cipher, format and key come before anything that touches a page.
    sqlite.pragma(`cipher='sqlcipher'`)
    sqlite.pragma('legacy=4')
    sqlite.pragma(`key="x'${key.toString('hex')}'"`)
    sqlite.pragma('busy_timeout = 5000')
    sqlite.pragma('journal_mode = WAL')
    // Synced at every commit: a decision that was acknowledged is there after a power cut. See docs/decisions/0030.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma(`wal_autocheckpoint = ${String(WAL_PAGES)}`)
    sqlite.pragma(`journal_size_limit = ${String(WAL_KEPT_BYTES)}`)
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma('temp_store = MEMORY')
    sqlite.pragma('trusted_schema = OFF')
    return sqlite
  } catch (error) {
    sqlite.close()
    throw isDamage(error) ? new DatabaseUnreadableError(path, error) : translateStorageError(error)
  }
}

/** As SQLite reports a wrong key, too: a page that cannot be authenticated is no page of a database. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === 'SQLITE_NOTADB' || String(error.code).startsWith('SQLITE_CORRUPT')
}

/** The database was read through, and something in it is not as it was written. */
export class DatabaseDamagedError extends UnusableDataError {
  constructor(path: string, found: string) {
    super(
      `The database ${path} is damaged: ${found}. Nothing was changed. ` +
        'Keep a copy of the data folder as it is and restore a backup into an empty one (ai-code-ui restore FILE).',
    )
  }
}

/**
 * Reads every page, which authenticates it, and checks the structure (`PRAGMA quick_check`). Holds the thread meanwhile:
 * some 1 s for each GiB.
 * @returns what is wrong, or null
 */
export async function findDamage(db: Database): Promise<string | null> {
  try {
    const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(db)
    const found = rows[0]?.quick_check ?? 'it does not answer'
    return found === 'ok' ? null : found
  } catch (error) {
    if (isDamage(error)) return 'a page cannot be read'
    throw error
  }
}

/** The storage has no room left. Nothing was changed. */
export class StorageFullError extends DomainError {
  constructor(cause: unknown) {
    super(
      'STORAGE_FULL',
      'The disk that holds DATA_DIR is full, so this could not be saved. Free some space and try again; nothing was lost.',
      {
        cause,
      },
    )
  }
}

/** Turns a full disk into its DomainError; leaves every other failure as it is. */
export function translateStorageError(error: unknown): unknown {
  return isFullDisk(error) ? new StorageFullError(error) : error
}

function isFullDisk(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === 'SQLITE_FULL' || error.code === 'ENOSPC' || error.code === 'SQLITE_IOERR_WRITE'
}

/** Whether an insert failed because a row with the same key exists. */
export function isUniqueViolation(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
  )
}

/** Readiness: throws when the database does not answer. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.executeQuery(CompiledQuery.raw('select 1'))
}
