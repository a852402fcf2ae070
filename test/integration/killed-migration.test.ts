import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { findDamage, openDatabase } from '../../src/server/platform/database.ts'
import { insertUser } from '../support/test-database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SCRIPT = join(import.meta.dirname, '..', 'support', 'dying-migration.ts')
const ENTRIES = 600

async function setup() {
  const folder = await temporaryFolder()
  const path = join(folder, 'log.db')
  const key = randomBytes(32)
  const database = await openDatabase(path, key)
  await insertUser(database, { username: 'ada', password: 'any words at all' })
  await database.transaction().execute(async (transaction) => {
    for (let count = 0; count < ENTRIES; count += 1)
      await recordAudit(transaction, { at: new Date(), actor: 'ada', action: 'approval.allowed', details: { count } })
  })
  await database.destroy()
  return { path, key, backups: join(folder, 'backups') }
}

type Stage = Awaited<ReturnType<typeof setup>>

function migrateAndDie({ path, key, backups }: Stage, how: 'kill' | 'fail'): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, path, key.toString('hex'), backups, how], (error, _, stderr) => {
      resolve(`${String(error?.signal ?? error?.code)} ${stderr}`)
    })
  })
}

async function expectWhole(path: string, key: Buffer): Promise<void> {
  const database = await openDatabase(path, key, 'as-is')
  onTestFinished(() => database.destroy())
  expect(await findDamage(database)).toBeNull()
  expect(await database.selectFrom('users').select('username').execute()).toEqual([{ username: 'ada' }])
  const { rows } = await sql<{ actor: string; count: number }>`select actor, count(*) as count from audit_log group by actor`.execute(
    database,
  )
  expect(rows).toEqual([{ actor: 'ada', count: ENTRIES }])
}

test.each([
  ['kill', 'SIGKILL'],
  ['fail', 'The migration fails'],
] as const)('a migration that ends half-way (%s) leaves the old schema at work, and a private copy that opens', async (how, told) => {
  const stage = await setup()

  expect(await migrateAndDie(stage, how)).toContain(told)

  await expectWhole(stage.path, stage.key)
  const [copy = ''] = await readdir(stage.backups)
  expect(copy).toMatch(/^before-schema-\d+-\d{8}T\d{9}Z\.db$/)
  expect((await stat(stage.backups)).mode & 0o777).toBe(0o700)
  expect((await stat(join(stage.backups, copy))).mode & 0o777).toBe(0o600)
  await expectWhole(join(stage.backups, copy), stage.key)
})

test('three copies are kept, the newest', async () => {
  const stage = await setup()
  const seen: string[] = []
  for (let count = 0; count < 5; count += 1) {
    await migrateAndDie(stage, 'fail')
    seen.push(...(await readdir(stage.backups)).filter((name) => !seen.includes(name)))
  }

  expect(seen).toHaveLength(5)
  expect((await readdir(stage.backups)).sort()).toEqual(seen.slice(-3).sort())
})
