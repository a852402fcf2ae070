import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePrivateDirectory, ensurePrivateFile } from './data-folder.ts'
import { DomainError } from './domain-error.ts'

/** A key file holds something that is no key. It is left as it is. */
export class KeyDamagedError extends DomainError {
  constructor(path: string, expected: string) {
    super('CONFLICT', `The key file ${path} is damaged: it must hold ${expected}. Restore it from a backup.`)
  }
}

/**
 * A 32-byte key kept in `DATA_DIR/keys/<name>.key` as hex, made at the first call. Never in the database.
 * @throws KeyDamagedError
 */
export function loadOrMakeKey(dataDirectory: string, name: string): Buffer {
  ensurePrivateDirectory(join(dataDirectory, 'keys'))
  return loadKey(dataDirectory, name) ?? makeKey(pathOf(dataDirectory, name))
}

/**
 * The same key where there is one, else null.
 * @throws KeyDamagedError
 */
export function loadKey(dataDirectory: string, name: string): Buffer | null {
  const path = pathOf(dataDirectory, name)
  ensurePrivateFile(path)
  const existing = readIfPresent(path)
  if (existing === null) return null
  if (!/^[0-9a-f]{64}\s*$/.test(existing)) throw new KeyDamagedError(path, '64 hex digits')
  return Buffer.from(existing.trim(), 'hex')
}

function pathOf(dataDirectory: string, name: string): string {
  return join(dataDirectory, 'keys', `${name}.key`)
}

function makeKey(path: string): Buffer {
  const key = randomBytes(32)
  // Exclusive: two first starts at once must not each believe in a key of their own.
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${key.toString('hex')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return key
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
