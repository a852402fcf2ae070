import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePrivateDirectory, ensurePrivateFile } from './data-folder.ts'

/**
 * A 32-byte key kept in `DATA_DIR/keys/<name>.key` as hex, made at the first call. Never in the database.
 * @throws Error when the file holds anything else
 */
export function loadOrMakeKey(dataDirectory: string, name: string): Buffer {
  const directory = join(dataDirectory, 'keys')
  ensurePrivateDirectory(directory)
  const path = join(directory, `${name}.key`)
  ensurePrivateFile(path)
  const existing = readIfPresent(path)
  if (existing === null) return makeKey(path)
  if (!/^[0-9a-f]{64}\s*$/.test(existing))
    throw new Error(`The key file ${path} is damaged: it must hold 64 hex digits. Restore it from a backup.`)
  return Buffer.from(existing.trim(), 'hex')
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
