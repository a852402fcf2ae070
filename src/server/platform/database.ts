import SqliteDatabase from 'better-sqlite3-multiple-ciphers'
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, type SqliteDialectConfig, SqliteDriver } from 'kysely'
import { DomainError } from './domain-error.ts'
import { migrate, requireCurrentSchema } from './migrations/migrate.ts'
import type { Tables } from './schema.ts'

export type Database = Kysely<Tables>

/** The key does not fit the file, or the file is damaged. */
export class DatabaseUnreadableError extends DomainError {
  constructor(path: string, cause: unknown) {
    super(
      'CONFLICT',
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

/**
 * Opens (or makes) the embedded database: SQLCipher 4 format with a raw key, so every page is encrypted and authenticated.
 * @param path the file
 * @param key 32 bytes
 * @param schema `migrate` brings an older one up to date; `as-is` refuses it, for whoever may not be alone with the file
 * @throws DatabaseUnreadableError | NewerDatabaseError | OlderDatabaseError
 */
export async function openDatabase(path: string, key: Buffer, schema: 'migrate' | 'as-is' = 'migrate'): Promise<Database> {
  const sqlite = new SqliteDatabase(path)
  try {
    // The order matters: cipher, format and key come before anything that touches a page.
    sqlite.pragma(`cipher='sqlcipher'`)
    sqlite.pragma('legacy=4')
    sqlite.pragma(`key="x'${key.toString('hex')}'"`)
    sqlite.pragma('journal_mode = WAL')
    // NORMAL may lose the last moments at a power cut, never consistency.
    sqlite.pragma('synchronous = NORMAL')
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma('temp_store = MEMORY')
    sqlite.pragma('trusted_schema = OFF')
    sqlite.pragma('busy_timeout = 5000')
  } catch (error) {
    sqlite.close()
    throw new DatabaseUnreadableError(path, error)
  }
  const db = new Kysely<Tables>({ dialect: new Dialect(sqlite) })
  try {
    await (schema === 'migrate' ? migrate(db) : requireCurrentSchema(db))
  } catch (error) {
    await db.destroy()
    throw error
  }
  return db
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
