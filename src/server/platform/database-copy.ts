import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { ensurePrivateDirectory, ensurePrivateFile } from './data-folder.ts'
import { syncDirectory } from './durable-file.ts'
import type { Tables } from './schema.ts'

const KEPT = 3
const NAME = /^before-schema-\d+-[\dTZ]+\.db$/

/**
 * A copy of the database as of one moment, encrypted with the same key, while others go on writing. Durable when it resolves.
 * @param path a file that does not exist
 * @throws Error of SQLite, as on a full disk; then there is no such file
 */
export async function copyDatabase(db: Kysely<Tables>, path: string): Promise<void> {
  try {
    await sql`vacuum into ${path}`.execute(db)
    ensurePrivateFile(path)
    syncFile(path)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
}

/**
 * Keeps the database as it was before its schema changes: `before-schema-<number>-<time>.db` in `directory`, the last
 * three of them. It opens with the key of the database, in the version that wrote it.
 * @param from the number of its schema
 */
export async function copyBeforeMigration(db: Kysely<Tables>, directory: string, from: number): Promise<void> {
  ensurePrivateDirectory(directory)
  const time = new Date().toISOString().replaceAll(/[-:.]/g, '')
  const path = join(directory, `before-schema-${String(from)}-${time}.db`)
  const temporary = `${path}.new`
  // Left behind by one that was killed.
  for (const name of readdirSync(directory))
    if (/^before-schema-.*\.db\.new(?:-journal)?$/.test(name)) rmSync(join(directory, name), { force: true })
  await copyDatabase(db, temporary)
  renameSync(temporary, path)
  syncDirectory(directory)
  for (const name of oldOnes(directory)) rmSync(join(directory, name), { force: true })
}

/** All but the newest few, by the time in their names. */
function oldOnes(directory: string): string[] {
  const timeOf = (name: string) => name.slice(name.lastIndexOf('-') + 1)
  return readdirSync(directory)
    .filter((name) => NAME.test(name))
    .sort((one, other) => timeOf(other).localeCompare(timeOf(one)))
    .slice(KEPT)
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
