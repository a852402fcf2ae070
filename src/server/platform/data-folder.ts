import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3-multiple-ciphers'
import { DomainError } from './domain-error.ts'

/** Another server works on the same data folder. */
export class DataFolderInUseError extends DomainError {
  constructor(directory: string, holder: { pid: number; url: string | null; startedAt: string } | null) {
    const who = holder
      ? `another AI Code UI server (process ${String(holder.pid)}, ${holder.url ?? 'still starting'}, since ${holder.startedAt})`
      : 'another AI Code UI server'
    super('CONFLICT', `The data folder ${directory} is in use by ${who}. Stop that one first, or start this one with another --data-dir.`)
  }
}

/** Who holds a data folder. */
interface Holder {
  pid: number
  /** Null while it starts. */
  url: string | null
  startedAt: string
}

/**
 * Makes a folder for the product alone (0700), or narrows an existing one.
 * @throws Error of node:fs when it cannot be made
 */
export function ensurePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700)
}

/** Narrows a file to its owner (0600); a missing one is left alone. */
export function ensurePrivateFile(path: string): void {
  if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
}

/** The one server's claim on a data folder. */
export interface DataFolderLock {
  /** Tells the next one that tries where this server answers. */
  announce(url: string): void
  release(): void
}

/**
 * Claims the data folder. The lock is SQLite's own on a small file: the kernel drops it when this process dies, however
 * it dies, so there is never a stale one to clean up.
 * @throws DataFolderInUseError
 */
export function lockDataFolder(directory: string): DataFolderLock {
  const lockPath = join(directory, 'server.lock')
  const holderPath = join(directory, 'server.json')
  const lock = new SqliteDatabase(lockPath, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')
      throw new DataFolderInUseError(directory, readHolder(holderPath))
    throw error
  }
  ensurePrivateFile(lockPath)
  const startedAt = new Date().toISOString()
  const write = (url: string | null) => {
    writeFileSync(holderPath, `${JSON.stringify({ pid: process.pid, url, startedAt })}\n`, { mode: 0o600 })
  }
  write(null)
  return {
    announce: write,
    release() {
      rmSync(holderPath, { force: true })
      lock.close()
    },
  }
}

/** The server that holds the folder, as it announced itself; null where nothing is known. */
export function readHolder(path: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isHolder(parsed) ? parsed : null
  } catch {
    // Unreadable or half-written: the lock itself still tells that there is somebody.
    return null
  }
}

function isHolder(parsed: unknown): parsed is Holder {
  if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed && 'url' in parsed && 'startedAt' in parsed)) return false
  const { pid, url, startedAt } = parsed
  return typeof pid === 'number' && (url === null || typeof url === 'string') && typeof startedAt === 'string'
}
