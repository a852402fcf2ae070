import { existsSync, readdirSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sql } from 'kysely'
import { loadAuditKey } from '../audit/audit-key.ts'
import { CheckpointFile } from '../audit/checkpoint-file.ts'
import { SegmentFiles } from '../audit/segment-file.ts'
import { verifyChain } from '../audit/verify-chain.ts'
import { BackupUnreadableError, keyKindOf, type Manifest, readArchive } from '../backup/archive.ts'
import { keyForRestore, type KeyChoice } from '../backup/backup-key.ts'
import { DATABASE_IN_BACKUP } from '../backup/backup-paths.ts'
import { type Config, type Flags, ownEnvironment, readConfig } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { ensurePrivateDirectory, lockDataFolder } from '../platform/data-folder.ts'
import { secureDataFolder } from '../platform/data-folder-check.ts'
import { type Database, findDamage, openDatabase, translateStorageError } from '../platform/database.ts'
import { DomainError } from '../platform/domain-error.ts'
import { syncDirectory } from '../platform/durable-file.ts'
import { loadKey } from '../platform/key-store.ts'
import { HOST_ACTOR, readOwnConfig } from './open-data.ts'
import { UNFINISHED_RESTORE } from './open-store.ts'
import type { Output } from './output.ts'
import { progress } from './progress.ts'

export interface RestoreRequest extends KeyChoice {
  file: string
}

/** What an empty data folder may hold: what is left of a restore that was killed before it moved anything, and of a disk's root. */
const NOTHING = new Set([UNFINISHED_RESTORE, 'server.lock', 'server.lock-journal', 'server.json', 'lost+found'])

/**
 * `restore FILE`: brings a backup back into a data folder that is empty or not there. Everything is unpacked and checked
 * in a folder of its own first, and moved to its place when all is well; until the last move no server starts there.
 * All logins are ended: what was revoked after the backup was made must not come back to life.
 * @returns the exit code
 * @throws DomainError
 */
export async function restore(flags: Flags, { file, ...choice }: RestoreRequest, output: Output): Promise<number> {
  process.umask(0o077)
  const backup = resolve(file)
  const { dataDirectory } = readOwnConfig(flags)
  const key = await keyForRestore(choice, backup, await keyKindOf(backup))
  const isNew = !existsSync(dataDirectory)
  ensurePrivateDirectory(dataDirectory)
  secureDataFolder(dataDirectory)
  refuseUnlessEmpty(dataDirectory)
  const lock = lockDataFolder(dataDirectory)
  const staging = join(dataDirectory, UNFINISHED_RESTORE)
  let isMoving = false
  try {
    await rm(staging, { recursive: true, force: true })
    await mkdir(staging, { mode: 0o700 })
    const manifest = await readArchive(backup, key, saverInto(staging, progress(output.warn, `Reading ${backup}`)))
    const config = configAt(staging, flags)
    output.warn('Checking the database and the audit log ...')
    const facts = await checkAndClose(staging, config, { backup, manifest })
    isMoving = true
    await moveToPlace(staging, dataDirectory, config)
    tell(output, { dataDirectory, manifest, ...facts })
    return 0
  } catch (error) {
    if (!isMoving) await rm(staging, { recursive: true, force: true })
    throw explained(error, dataDirectory)
  } finally {
    lock.release()
    if (!isMoving) await leaveAsBefore(dataDirectory, isNew)
  }
}

function refuseUnlessEmpty(dataDirectory: string): void {
  const found = readdirSync(dataDirectory).find((name) => !NOTHING.has(name))
  if (found !== undefined)
    throw new DomainError(
      'CONFLICT',
      `The data folder ${dataDirectory} is not empty (it holds ${found}). A backup is restored into an empty one alone; name another with --data-dir, or move away what is there.`,
    )
}

async function leaveAsBefore(dataDirectory: string, isNew: boolean): Promise<void> {
  await rm(join(dataDirectory, 'server.lock'), { force: true })
  if (isNew) await rmdir(dataDirectory).catch(() => {})
}

/** Writes a file of the backup, durably. */
function saverInto(staging: string, written: (bytes: number) => void) {
  let bytes = 0
  return async (path: string, content: AsyncIterable<Uint8Array>) => {
    const target = join(staging, path)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const file = await open(target, 'wx', 0o600)
    try {
      for await (const chunk of content) {
        await file.writeFile(chunk)
        bytes += chunk.length
        written(bytes)
      }
      await file.sync()
    } finally {
      await file.close()
    }
  }
}

/** The settings as a server will have them, with the config.json of the backup. */
function configAt(staging: string, flags: Flags): Config {
  const config = readConfig({ ...flags, dataDir: staging }, ownEnvironment(), process.cwd())
  if (!isInside(config.databasePath, staging) && existsSync(config.databasePath))
    throw new DomainError('CONFLICT', `DATABASE_PATH names ${config.databasePath}, which exists. Move it away, or unset DATABASE_PATH.`)
  return config
}

interface Restored {
  entries: number
  logins: number
}

async function checkAndClose(
  staging: string,
  config: Config,
  { backup, manifest }: { backup: string; manifest: Manifest },
): Promise<Restored> {
  const key = config.encryptionKey ?? loadKey(staging, 'database')
  if (key === null) throw new BackupUnreadableError(backup, 'it was made with an ENCRYPTION_KEY of its own, so set that one and try again')
  const path = join(staging, DATABASE_IN_BACKUP)
  if (!existsSync(path)) throw new BackupUnreadableError(backup, 'there is no database in it')
  const database = await openDatabase(path, key, { backups: join(staging, 'backups') })
  try {
    const damage = await findDamage(database)
    if (damage !== null) throw new BackupUnreadableError(backup, `the database in it is damaged (${damage})`)
    const entries = await verify(staging, database, backup)
    const logins = await endLogins(database, manifest)
    await sql`pragma wal_checkpoint(truncate)`.execute(database)
    return { entries, logins }
  } finally {
    await database.destroy()
  }
}

async function verify(staging: string, database: Database, backup: string): Promise<number> {
  const key = loadAuditKey(staging)
  // None before the first server has run to its end.
  if (key === null) throw new BackupUnreadableError(backup, 'the key of the audit log is not in it')
  const filed = await new CheckpointFile(staging).read()
  const verdict = await verifyChain({ database, publicKey: key.publicKey, filed, segments: new SegmentFiles(staging), now: new Date() })
  if (verdict.problem === null) return verdict.entries
  throw new BackupUnreadableError(backup, `entry ${String(verdict.problem.seq)} of the audit log in it ${verdict.problem.what}`)
}

/** Refresh tokens are refused with their login, access tokens too. */
async function endLogins(database: Database, { madeAt, version }: Manifest): Promise<number> {
  const at = new Date()
  return database.transaction().execute(async (transaction) => {
    const ended = await transaction
      .updateTable('logins')
      .set({ ended_at: at.toISOString(), end_reason: 'restored' })
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    await transaction.deleteFrom('ws_tickets').execute()
    const logins = Number(ended.numUpdatedRows)
    await recordAudit(transaction, { at, actor: HOST_ACTOR, action: 'backup.restored', details: { madeAt, version, logins } })
    return logins
  })
}

/** The database last: as long as it is not in its place, there is nothing that a server could begin on. */
async function moveToPlace(staging: string, dataDirectory: string, { databasePath }: Config): Promise<void> {
  const names = readdirSync(staging).filter((name) => name !== DATABASE_IN_BACKUP)
  for (const name of names) await rename(join(staging, name), join(dataDirectory, name))
  const database = join(staging, DATABASE_IN_BACKUP)
  if (isInside(databasePath, staging)) await rename(database, join(dataDirectory, DATABASE_IN_BACKUP))
  else await moveElsewhere(database, databasePath)
  await rm(staging, { recursive: true })
  syncDirectory(dataDirectory)
}

/** Perhaps to another disk, so it is copied, and takes its name when it is whole. */
async function moveElsewhere(from: string, to: string): Promise<void> {
  const partial = `${to}.restoring`
  await copyFile(from, partial)
  const file = await open(partial, 'r+')
  await file.sync()
  await file.close()
  await rename(partial, to)
  syncDirectory(dirname(to))
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

function explained(error: unknown, dataDirectory: string): unknown {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
    return new DomainError(
      'STORAGE_FULL',
      `There is no room in ${dataDirectory}. Free some space and try again; the backup is as it was.`,
      {
        cause: error,
      },
    )
  if (error instanceof Error && 'syscall' in error)
    return new DomainError('CONFLICT', `${dataDirectory} cannot be written to (${error.message}). The backup is as it was.`, {
      cause: error,
    })
  return translateStorageError(error)
}

function tell({ print }: Output, facts: Restored & { dataDirectory: string; manifest: Manifest }): void {
  const { dataDirectory, manifest, entries, logins } = facts
  print(
    `Restored to ${dataDirectory} as of ${manifest.madeAt}. The database is whole, and all ${String(entries)} entries of the audit log verify.`,
  )
  print(`Everybody has to sign in again (${String(logins)} logins were ended).`)
  print('What was taken away after the backup was made is back: look through users, API keys and policy rules.')
}
