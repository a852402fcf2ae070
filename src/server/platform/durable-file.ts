import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase from 'better-sqlite3-multiple-ciphers'
import { ensurePrivateFile } from './data-folder.ts'

const LOCK_TIMEOUT_MS = 5000

/**
 * Replaces a file (0600) as one step: whoever reads it, also after a power cut, finds the old text or the new one.
 * To be called by one at a time, see {@link exclusively}.
 */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new`
  rmSync(temporary, { force: true })
  const file = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}

/**
 * Runs `work` while no other process holds the same lock; waits up to five seconds for it. The lock is SQLite's own on
 * the file, as the data folder's: the kernel drops it when its holder dies.
 * @throws Error when it stays taken, or what `work` throws
 */
export function exclusively<Result>(lockPath: string, work: () => Result): Result {
  const lock = new SqliteDatabase(lockPath, { timeout: LOCK_TIMEOUT_MS })
  try {
    lock.exec('begin exclusive')
    ensurePrivateFile(lockPath)
    return work()
  } finally {
    lock.close()
  }
}

/** Makes a rename survive a power cut. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
