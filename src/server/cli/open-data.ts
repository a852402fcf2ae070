import { existsSync } from 'node:fs'
import { type Config, type Flags, ownEnvironment, readConfig } from '../config.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import { DomainError } from '../platform/domain-error.ts'
import { loadKey } from '../platform/key-store.ts'

/** The audit log's actor for what is done by a command on the host. Holds a space, so that no user can be called so. */
export const HOST_ACTOR = 'command line'

/** What a command on the host works on. */
export interface OpenData {
  config: Config
  database: Database
}

/** There is no installation where the configuration points. */
export class NoDataError extends DomainError {
  constructor(missing: string) {
    super('NOT_FOUND', `${missing} does not exist, so there is nothing to work on. Start the server once, or name the right --data-dir.`)
  }
}

/** The configuration as the server started the same way would have it. @throws ConfigError */
export function readOwnConfig(flags: Flags): Config {
  return readConfig(flags, ownEnvironment(), process.cwd())
}

/**
 * Opens the data folder's database for `work` and closes it again. A server may be running on it: each waits for the other
 * while it writes, and the server stands still meanwhile, so keep transactions short. Makes no file and changes no schema.
 * @throws ConfigError | NoDataError | DatabaseUnreadableError | NewerDatabaseError | OlderDatabaseError, or what `work` throws
 */
export async function withData<Result>(flags: Flags, work: (data: OpenData) => Promise<Result>): Promise<Result> {
  process.umask(0o077)
  const config = readOwnConfig(flags)
  if (!existsSync(config.databasePath)) throw new NoDataError(config.databasePath)
  const key = config.encryptionKey ?? loadKey(config.dataDirectory, 'database')
  if (key === null) throw new NoDataError(`The key of the database in ${config.dataDirectory}`)
  const database = await openDatabase(config.databasePath, key, 'as-is')
  try {
    return await work({ config, database })
  } finally {
    await database.destroy()
  }
}
