import { randomBytes } from 'node:crypto'
import { copyFile, open, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { recordAudit } from './audit-log.ts'
import { DatabaseUnreadableError, findDamage, openDatabase } from './database.ts'

const PAGE = 4096
const FRAME = PAGE + 24
const ENTRIES = 40

/** A database whose last commits lie in its write-ahead log alone, as a power cut leaves it. */
async function cutOff() {
  const folder = await temporaryFolder()
  const key = randomBytes(32)
  const source = join(folder, 'source.db')
  const path = join(folder, 'cut.db')
  const database = await openDatabase(source, key)
  onTestFinished(() => database.destroy())
  await sql`pragma wal_checkpoint(truncate)`.execute(database)
  for (let count = 0; count < ENTRIES; count += 1)
    await recordAudit(database, { at: new Date(), actor: 'ada', action: 'approval.allowed', details: { count } })
  for (const suffix of ['', '-wal']) await copyFile(`${source}${suffix}`, `${path}${suffix}`)
  return { path, key, wal: `${path}-wal` }
}

async function entriesIn(path: string, key: Buffer): Promise<number[]> {
  const database = await openDatabase(path, key)
  try {
    expect(await findDamage(database)).toBeNull()
    return (await database.selectFrom('audit_log').select('seq').orderBy('seq').execute()).map(({ seq }) => seq)
  } finally {
    await database.destroy()
  }
}

async function garble(path: string, position: number, length: number): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(randomBytes(length), 0, length, position)
  await file.close()
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

test('every commit is synced, and the write-ahead log does not grow without end', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'log.db')
  const database = await openDatabase(path, randomBytes(32))
  const valueOf = async (name: string) => {
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database)
    return Object.values(rows[0] ?? {})[0]
  }
  expect(await valueOf('synchronous')).toBe(2)
  expect(await valueOf('journal_mode')).toBe('wal')

  const filler = 'x'.repeat(60_000)
  for (let count = 0; count < 300; count += 1)
    await recordAudit(database, { at: new Date(), actor: 'ada', action: 'approval.allowed', details: { filler } })

  expect((await stat(path)).size).toBeGreaterThan(16_000_000)
  expect((await stat(`${path}-wal`)).size).toBeLessThan(1100 * FRAME)
  await database.destroy()
})

test('what was committed and never moved into the database is there after a cut', async () => {
  const { path, key } = await cutOff()
  expect(await entriesIn(path, key)).toEqual(upTo(ENTRIES))
})

test.each([1, 500, FRAME, 3 * FRAME + 17])('a write-ahead log that lost its last %i bytes costs the last commits alone', async (lost) => {
  const { path, key, wal } = await cutOff()
  await truncate(wal, (await stat(wal)).size - lost)

  const found = await entriesIn(path, key)

  expect(found).toEqual(upTo(found.length))
  expect(found.length).toBeGreaterThan(ENTRIES - 5)
  expect(found.length).toBeLessThan(ENTRIES)
})

test('a garbled end of the write-ahead log is left out, and work goes on', async () => {
  const { path, key, wal } = await cutOff()
  await garble(wal, (await stat(wal)).size - 300, 300)

  const found = await entriesIn(path, key)

  expect(found).toEqual(upTo(found.length))
  expect(found.length).toBeGreaterThan(ENTRIES - 5)
  const database = await openDatabase(path, key)
  await recordAudit(database, { at: new Date(), actor: 'ada', action: 'approval.allowed' })
  await database.destroy()
  expect(await entriesIn(path, key)).toEqual(upTo(found.length + 1))
})

test('garbled pages are told and never made anew', async () => {
  const { path, key, wal } = await cutOff()
  await truncate(wal, 0)
  const { size } = await stat(path)
  const whole = await readFile(path)
  for (let position = 0; position < size; position += PAGE) {
    await garble(path, position + 100, 32)
    const told = await openDatabase(path, key).then(
      async (database) => {
        const damage = await findDamage(database)
        await database.destroy()
        return damage
      },
      (error: unknown) => (error instanceof DatabaseUnreadableError ? error.message : null),
    )
    expect(told, `page at ${String(position)}`).not.toBeNull()
    const file = await open(path, 'r+')
    await file.write(whole, position, PAGE, position)
    await file.close()
  }
  expect(await entriesIn(path, key)).toEqual([])
})
