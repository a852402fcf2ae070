import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import SqliteDatabase from 'better-sqlite3-multiple-ciphers'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { loadOrMakeAuditKey } from '../../src/server/audit/audit-key.ts'
import { type Source, writeArchive } from '../../src/server/backup/archive.ts'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { openDatabase } from '../../src/server/platform/database.ts'
import { loadOrMakeKey } from '../../src/server/platform/key-store.ts'
import { migrate, MIGRATIONS } from '../../src/server/platform/migrations/migrate.ts'
import type { Tables } from '../../src/server/platform/schema.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runServerToItsEnd, startTestServer } from '../support/test-server.ts'
import { within } from '../support/within.ts'

/*
 * Backups of other versions, hostile ones, and what a person types.
 */

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'server', 'main.ts')
const hasScript = (() => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
})()

/** A database as a version with that many migrations left it, with a log of three entries, and the keys to it. */
async function oldInstallation(migrations: typeof MIGRATIONS) {
  const folder = await temporaryFolder()
  const key = loadOrMakeKey(folder, 'database')
  loadOrMakeAuditKey(folder)
  const path = join(folder, 'ai-code-ui.db')
  const sqlite = new SqliteDatabase(path)
  sqlite.pragma(`cipher='sqlcipher'`)
  sqlite.pragma('legacy=4')
  sqlite.pragma(`key="x'${key.toString('hex')}'"`)
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) })
  await migrate(database, { migrations })
  for (let count = 0; count < 3; count += 1)
    await recordAudit(database, { at: new Date(), actor: 'ada', action: 'approval.allowed', details: { count } })
  return { folder, path, database }
}

/** A backup as whoever knows its key can make one. */
async function packed(sources: readonly Source[]): Promise<string> {
  const file = join(await temporaryFolder(), 'copy.age')
  const identity = await generateX25519Identity()
  await writeFile(`${file}.key`, `${identity}\n`, { mode: 0o600 })
  const manifest = { format: 1, version: '0.0.1', madeAt: '2026-01-01T00:00:00.000Z' } as const
  const each = async function* () {
    await Promise.resolve()
    yield* sources
  }
  const key = { kind: 'identity', identity, recipient: await identityToRecipient(identity) } as const
  await writeArchive(file, { manifest, sources: each(), key }, () => {})
  return file
}

async function sourcesOf(folder: string): Promise<Source[]> {
  const paths = ['keys/audit.pem', 'keys/database.key', 'ai-code-ui.db']
  return paths.map((path) => ({ path, file: join(folder, path) }))
}

async function restore(file: string) {
  const folder = await temporaryFolder()
  const result = await runServerToItsEnd({ folder, arguments: ['restore', file] })
  const data = join(folder, 'data')
  return { ...result, data, left: await readdir(data).catch(() => []) }
}

test('a backup of an older version is brought up to date while it is restored', async () => {
  const { folder, database } = await oldInstallation(MIGRATIONS.slice(0, -2))
  await database.destroy()

  const { code, output, data } = await restore(await packed(await sourcesOf(folder)))

  expect(output).toContain('all 3 entries of the audit log verify')
  expect(code).toBe(0)
  const [copy] = await readdir(join(data, 'backups'))
  expect(copy).toMatch(new RegExp(`^before-schema-${String(MIGRATIONS.length - 2)}-`))
  const key = Buffer.from((await readFile(join(data, 'keys', 'database.key'), 'utf8')).trim(), 'hex')
  const restored = await openDatabase(join(data, 'ai-code-ui.db'), key, 'as-is')
  onTestFinished(() => restored.destroy())
  const actions = await restored.selectFrom('audit_log').select('action').orderBy('seq').execute()
  expect(actions.map(({ action }) => action)).toEqual([...Array<string>(3).fill('approval.allowed'), 'backup.restored'])
})

test('a backup of a newer version is refused, and leaves nothing behind', async () => {
  const { folder, database } = await oldInstallation(MIGRATIONS)
  await sql`insert into schema_version (number, name, applied_at) values (999, 'later', '2030-01-01')`.execute(database)
  await database.destroy()

  const { code, output, left } = await restore(await packed(await sourcesOf(folder)))

  expect(output).toContain('newer version')
  expect(code).not.toBe(0)
  expect(left).toEqual([])
})

test('a log that was cut off after it was signed does not come back', async () => {
  const { folder, database } = await oldInstallation(MIGRATIONS)
  await sql`drop trigger if exists audit_log_no_delete`.execute(database)
  await sql`delete from audit_log where seq = 2`.execute(database)
  await database.destroy()

  const { code, output, left } = await restore(await packed(await sourcesOf(folder)))

  expect(output).toMatch(/entry 2 of the audit log in it is missing/)
  expect({ code, left }).toEqual({ code: 1, left: [] })
})

test.each([
  ['a path twice', 'keys/database.key'],
  ['a file below a file', 'ai-code-ui.db/inside'],
  ['a log of the database that nobody wrote', 'ai-code-ui.db-wal'],
  ['the mark of an unfinished restore', '.restore-incomplete/inside'],
  ['the lock of a server', 'server.lock'],
  ['another key than the database has', 'other'],
])('a backup with %s is refused in a sentence, and leaves nothing behind', async (_, path) => {
  const { folder, database } = await oldInstallation(MIGRATIONS)
  await database.destroy()
  const sources = await sourcesOf(folder)
  if (path === 'other') await writeFile(join(folder, 'keys', 'database.key'), randomBytes(32).toString('hex'))
  else sources.push({ path, content: randomBytes(64) })

  const { code, output, left } = await restore(await packed(sources))

  expect(output).toMatch(/^[^\n]* (?:cannot be restored|cannot be read)[^\n]*\n$/m)
  expect(output).not.toMatch(/ {4}at |E[A-Z]{4,}:/)
  expect({ code: code === 0, left }).toEqual({ code: false, left: [] })
})

test('an old file where the database was before it was moved makes no backup that cannot come back', async () => {
  const server = await startTestServer({ arguments: [] })
  await server.stop()
  const moved = join(await temporaryFolder(), 'moved.db')
  await copyFile(join(server.dataDirectory, 'ai-code-ui.db'), moved)
  const file = join(await temporaryFolder(), 'copy.age')
  const environment = { DATABASE_PATH: moved }

  const made = await runServerToItsEnd({ folder: server.folder, arguments: ['backup', file], environment })

  expect(made).toMatchObject({ code: 0, output: expect.stringContaining('ai-code-ui.db is not the database in use') })
  expect(await restore(file)).toMatchObject({ code: 0 })
})

/** A command at a terminal of its own, at which `answers` are typed, each once its question is there. */
async function atTerminal(home: string, dataDirectory: string, words: string[], answers: [question: string, answer: string][]) {
  const command = [process.execPath, MAIN, ...words].join(' ')
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: home, DATA_DIR: dataDirectory, TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let shown = ''
  const left = [...answers]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    const [next] = left
    if (next === undefined || !shown.includes(next[0])) return
    left.shift()
    child.stdin.write(`${next[1]}\r`)
  })
  const code = await within(
    20_000,
    'the command to end',
    new Promise<number | null>((resolve) => {
      child.once('close', resolve)
    }),
  )
  return { code, shown }
}

test.runIf(hasScript)('a passphrase is typed unseen, twice for a backup and once for a restore', async () => {
  const server = await startTestServer()
  const folder = await temporaryFolder()
  const file = join(folder, 'copy.age')
  const phrase = 'many words that nobody guesses'
  const backUp = (first: string, second: string) =>
    atTerminal(
      folder,
      server.dataDirectory,
      ['backup', file, '--passphrase'],
      [
        ['Passphrase for the backup: ', first],
        ['The same once more: ', second],
      ],
    )

  const mistyped = await backUp(phrase, 'many words that nobody guesse')
  expect(mistyped.code).toBe(1)
  expect(mistyped.shown).toContain('are not the same')
  expect(await readdir(folder)).toEqual([])

  const made = await backUp(phrase, phrase)
  expect(made.code).toBe(0)
  expect(made.shown + mistyped.shown).not.toContain('many words')
  expect((await stat(file)).mode & 0o777).toBe(0o600)

  const data = join(folder, 'restored')
  await mkdir(data)
  const restored = await atTerminal(folder, data, ['restore', file], [['Passphrase of the backup: ', phrase]])
  expect(restored.shown).toContain('Restored to')
  expect(restored.code).toBe(0)

  const given = await atTerminal(folder, join(folder, 'other'), ['restore', file], [['Passphrase of the backup: ', '\u0003']])
  expect(given.shown).toContain('There is no passphrase')
  expect(given.code).toBe(1)
})
