import { existsSync, realpathSync } from 'node:fs'
import { link, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { writeArchive } from '../backup/archive.ts'
import { keyForBackup, type KeyChoice } from '../backup/backup-key.ts'
import { type Contents, contentsOf } from '../backup/contents.ts'
import type { Flags } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { DomainError } from '../platform/domain-error.ts'
import { syncDirectory } from '../platform/durable-file.ts'
import { isWithin } from '../platform/safe-path.ts'
import { translateStorageError } from '../platform/database.ts'
import { HOST_ACTOR, withData } from './open-data.ts'
import type { Output } from './output.ts'
import { mebibytes, progress } from './progress.ts'

export interface BackupRequest extends KeyChoice {
  file: string
  version: string
}

/**
 * `backup FILE`: everything that an installation needs to come back, as one encrypted file (0600), while a server runs or
 * without one. FILE is there as a whole or not at all, and nothing is ever overwritten.
 * @returns the exit code
 * @throws DomainError
 */
export function backUp(flags: Flags, { file, version, ...choice }: BackupRequest, { print, warn }: Output): Promise<number> {
  return withData(flags, async ({ config: { dataDirectory, databasePath, encryptionKey }, database }) => {
    const target = resolve(file)
    refuseTarget(target, dataDirectory)
    const madeAt = new Date()
    const { key, made, keyFile } = await keyForBackup(choice, target)
    const partial = `${target}.partial`
    let contents: Contents | null = null
    try {
      await recordAudit(database, { at: madeAt, actor: HOST_ACTOR, action: 'backup.made', details: { opensWith: key.kind } })
      warn('Copying the database ...')
      contents = await contentsOf(dataDirectory, databasePath, database)
      for (const what of contents.leftOut) warn(`Not in the backup: ${what}.`)
      await rm(partial, { force: true })
      const manifest = { format: 1, version, madeAt: madeAt.toISOString() } as const
      await writeArchive(partial, { manifest, sources: contents.sources(), key }, progress(warn, `Writing ${target}`))
      await publish(partial, target)
    } catch (error) {
      // What is in the way and cannot be removed is what the failure tells.
      await rm(partial, { force: true }).catch(() => {})
      if (made !== null) await rm(made, { force: true })
      throw failure(error, target)
    } finally {
      await contents?.dispose()
    }
    print(`The backup is ${target} (${mebibytes((await stat(target)).size)}).`)
    if (keyFile === null) print('It opens with the passphrase alone. Nobody can bring that back.')
    else print(`It opens with ${keyFile} alone. Keep that file apart from the backup: who has both has everything.`)
    if (encryptionKey !== null) print('ENCRYPTION_KEY is not in it: the restored database opens with the one that is set now.')
    return 0
  })
}

function refuseTarget(target: string, dataDirectory: string): void {
  if (existsSync(target)) throw new DomainError('CONFLICT', `${target} exists. Name a file that does not; a backup is never overwritten.`)
  if (!existsSync(dirname(target))) throw new DomainError('NOT_FOUND', `The folder ${dirname(target)} does not exist. Make it first.`)
  // By their real paths: a link must not hide that one lies in the other.
  if (isWithin(realpathSync(dataDirectory), join(realpathSync(dirname(target)), basename(target))))
    throw new DomainError('CONFLICT', `${target} lies in the data folder, with which it would be lost. Name a file elsewhere.`)
}

/** Gives the finished file its name, also against one that came meanwhile. */
async function publish(partial: string, target: string): Promise<void> {
  try {
    await link(partial, target)
    await rm(partial)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    // A file system without hard links.
    await rename(partial, target)
  }
  syncDirectory(dirname(target))
}

function failure(error: unknown, target: string): unknown {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
    return new DomainError(
      'STORAGE_FULL',
      `There is no room for ${target}. Nothing was left behind; free some space or name another disk.`,
      {
        cause: error,
      },
    )
  if (error instanceof Error && 'syscall' in error)
    return new DomainError('CONFLICT', `${target} cannot be written (${error.message}). Nothing was left behind.`, { cause: error })
  return translateStorageError(error)
}
