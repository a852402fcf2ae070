import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { fillDisk, insertUser } from '../../../test/support/test-database.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { DatabaseUnreadableError, isUniqueViolation, openDatabase, StorageFullError, translateStorageError } from './database.ts'
import { NewerDatabaseError } from './migrations/migrate.ts'

async function setup() {
  const path = join(await temporaryFolder(), 'test.db')
  const key = randomBytes(32)
  return { path, key, database: await openDatabase(path, key) }
}

test('nothing readable is on the disk', async () => {
  const { path, database } = await setup()
  await insertUser(database, { username: 'recognisable', password: 'any words at all' })
  await database.destroy()

  const bytes = await readFile(path)

  expect(bytes.includes('SQLite format')).toBe(false)
  expect(bytes.includes('recognisable')).toBe(false)
  expect(bytes.includes('create table')).toBe(false)
})

test('what was written is found with the same key and refused with another', async () => {
  const { path, key, database } = await setup()
  await insertUser(database, { username: 'ada', password: 'any words at all' })
  await database.destroy()
  const before = await readFile(path)

  await expect(openDatabase(path, randomBytes(32))).rejects.toThrow(DatabaseUnreadableError)

  expect(before.equals(await readFile(path))).toBe(true)
  const again = await openDatabase(path, key)
  expect(await again.selectFrom('users').select('username').execute()).toEqual([{ username: 'ada' }])
  await again.destroy()
})

test('a damaged file is refused in words', async () => {
  const { path, key, database } = await setup()
  await database.destroy()
  await writeFile(path, randomBytes(8192))

  await expect(openDatabase(path, key)).rejects.toThrow(/cannot be read with the encryption key.*restore a backup/)
})

test('a database of a newer version is refused and not touched', async () => {
  const { path, key, database } = await setup()
  await sql`insert into schema_version (number, name, applied_at) values (9000, 'from the future', '2030-01-01')`.execute(database)
  await database.destroy()
  const before = await readFile(path)

  await expect(openDatabase(path, key)).rejects.toThrow(NewerDatabaseError)

  expect(before.equals(await readFile(path))).toBe(true)
})

test('opening again applies no migration twice', async () => {
  const { path, key, database } = await setup()
  const versions = sql<{ number: number }>`select number, applied_at from schema_version order by number`
  const before = await versions.execute(database)
  await database.destroy()

  const again = await openDatabase(path, key)

  expect((await versions.execute(again)).rows).toEqual(before.rows)
  await again.destroy()
})

test('a full disk is told as such, changes nothing, and goes away with space', async () => {
  const { database } = await setup()
  const makeSpace = await fillDisk(database)
  const insertBig = () => insertUser(database, { username: 'x'.repeat(200_000), password: 'any words at all' })

  const failure: unknown = await insertBig().catch((error: unknown) => error)

  expect(translateStorageError(failure)).toBeInstanceOf(StorageFullError)
  expect(await database.selectFrom('users').selectAll().execute()).toEqual([])
  await makeSpace()
  await expect(insertBig()).resolves.toBeDefined()
  await database.destroy()
})

test('the same key twice is recognised, other failures are not taken for it', async () => {
  const { database } = await setup()
  const insert = () => insertUser(database, { username: 'ada', password: 'any words at all' })
  await insert()

  expect(isUniqueViolation(await insert().catch((error: unknown) => error))).toBe(true)
  expect(isUniqueViolation(new Error('SQLITE_CONSTRAINT_UNIQUE'))).toBe(false)
  expect(translateStorageError('text')).toBe('text')
  await database.destroy()
})

test('a full disk in the middle of a transaction is told as such too, and nothing of it stays', async () => {
  const { database } = await setup()
  const makeSpace = await fillDisk(database)

  const failure: unknown = await database
    .transaction()
    .execute(async (transaction) => {
      await insertUser(transaction, { username: 'ada', password: 'any words at all' })
      await insertUser(transaction, { username: 'x'.repeat(200_000), password: 'any words at all' })
    })
    .catch((error: unknown) => error)

  expect(translateStorageError(failure)).toBeInstanceOf(StorageFullError)
  await makeSpace()
  expect(await database.selectFrom('users').selectAll().execute()).toEqual([])
  await database.transaction().execute((transaction) => insertUser(transaction, { username: 'ada', password: 'any words at all' }))
  await database.destroy()
})
