import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { loadOrMakeAuditKey } from '../../src/server/audit/audit-key.ts'
import { AuditRetention } from '../../src/server/audit/audit-retention.ts'
import { AuditSealer } from '../../src/server/audit/audit-sealer.ts'
import { CheckpointFile } from '../../src/server/audit/checkpoint-file.ts'
import { exportAll } from '../../src/server/audit/export-entries.ts'
import { SegmentFiles } from '../../src/server/audit/segment-file.ts'
import { verifyChain } from '../../src/server/audit/verify-chain.ts'
import { recordAudit } from '../../src/server/platform/audit-log.ts'
import { openDatabase } from '../../src/server/platform/database.ts'
import { createLogger } from '../../src/server/platform/logger.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TestClock } from '../support/test-clock.ts'

const DAY_MS = 24 * 60 * 60_000
const KILLED = new URL('../support/killed-sealing.ts', import.meta.url).pathname

/** Twelve entries of November 1, signed up to the tenth; four of December 5, signed to their end. */
async function setup() {
  const folder = await temporaryFolder()
  const key = randomBytes(32)
  await writeFile(join(folder, 'key'), key.toString('hex'))
  const database = await openDatabase(join(folder, 'log.db'), key)
  onTestFinished(() => database.destroy())
  const clock = new TestClock()
  const logger = await createLogger('silent', 'json')
  const shared = {
    database,
    clock,
    logger,
    key: loadOrMakeAuditKey(folder),
    file: new CheckpointFile(folder),
    segments: new SegmentFiles(folder),
  }
  const sealer = new AuditSealer(shared)
  const record = async (count: number) => {
    for (let number = 0; number < count; number += 1)
      await recordAudit(database, { at: clock.now(), actor: 'ada', action: 'project.renamed', details: { number, word: 'ä€😀' } })
  }
  await record(10)
  await sealer.seal()
  await record(2)
  clock.advance(34 * DAY_MS)
  await record(4)
  await sealer.seal()
  const retention = new AuditRetention({ ...shared, retentionDays: 30 })
  const verify = async () =>
    verifyChain({ database, publicKey: shared.key.publicKey, filed: await shared.file.read(), segments: shared.segments, now: clock.now() })
  const numbers = async () => (await database.selectFrom('audit_log').select('seq').orderBy('seq').execute()).map(({ seq }) => seq)
  const exported = async () => {
    let text = ''
    for await (const part of exportAll(database, shared.segments)) text += part
    return text
  }
  const path = join(folder, 'audit', 'segment-1-10.jsonl.gz')
  return { folder, database, clock, shared, sealer, record, retention, verify, numbers, exported, path }
}

type Setup = Awaited<ReturnType<typeof setup>>

test('what is old moves to a sealed file, up to a checkpoint, and the chain goes on', async () => {
  const { database, folder, path, retention, verify, numbers, exported } = await setup()
  const before = await exported()
  expect(await retention.sweep()).toBe(1)
  expect(await numbers()).toEqual([11, 12, 13, 14, 15, 16, 17])
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(join(folder, 'audit'))).toEqual(['checkpoints.jsonl', 'segment-1-10.jsonl.gz'])
  const entry = await database.selectFrom('audit_log').select(['action', 'details']).where('seq', '=', 17).executeTakeFirstOrThrow()
  const row = await database.selectFrom('audit_segments').selectAll().executeTakeFirstOrThrow()
  expect(entry.action).toBe('audit.segment_sealed')
  expect(JSON.parse(entry.details)).toEqual({ first: 1, last: 10, file: 'segment-1-10.jsonl.gz', sha256: row.sha256, bytes: row.bytes })
  expect(await verify()).toMatchObject({ ok: true, entries: 17, segments: 1, problem: null })
  const entriesOf = (text: string) => text.split('\n').filter((line) => line.includes('"entry"'))
  expect(entriesOf(await exported()).slice(0, 16)).toEqual(entriesOf(before))
  await expect(sql`delete from audit_log`.execute(database)).rejects.toThrow('append-only')
  expect(await retention.sweep()).toBe(0)
})

test('segments follow on each other, also once everything older is in them', async () => {
  const { clock, record, retention, sealer, verify, numbers } = await setup()
  await retention.sweep()
  clock.advance(40 * DAY_MS)
  await record(1)
  await sealer.seal()
  clock.advance(40 * DAY_MS)
  await record(1)
  expect(await retention.sweep()).toBe(1)
  expect(await numbers()).toEqual([19, 20])
  expect(await verify()).toMatchObject({ ok: true, entries: 20, segments: 2 })
})

test('nothing is sealed for ever where nothing is said, and nothing without a signature', async () => {
  const { database, retention, shared } = await setup()
  expect(await new AuditRetention({ ...shared, retentionDays: 0 }).sweep()).toBe(0)
  await database.deleteFrom('audit_checkpoints').execute()
  expect(await retention.sweep()).toBe(0)
})

test.for<[string, (setup: Setup) => Promise<unknown>, number, string]>([
  ['a missing file', ({ path }) => rm(path), 1, 'is missing'],
  ['a file that is no archive', ({ path }) => writeFile(path, 'nonsense'), 1, 'is damaged'],
  ['a file that is cut off', async ({ path }) => writeFile(path, (await readFile(path)).subarray(0, 200)), 1, 'is damaged'],
  [
    'an edited entry',
    ({ path }) => rewrite(path, (lines) => lines.map((line) => line.replace('"number":3', '"number":4'))),
    4,
    'was changed',
  ],
  ['a deleted entry', ({ path }) => rewrite(path, (lines) => lines.filter((line) => !line.includes('"seq":7,'))), 7, 'is missing'],
  ['a cut-off end', ({ path }) => rewrite(path, (lines) => lines.slice(0, 8)), 9, 'is missing'],
  ['the same packed anew', ({ path }) => rewrite(path, (lines) => lines), 1, 'is not the file that was sealed'],
  ['a removed row', ({ database }) => database.deleteFrom('audit_segments').execute(), 1, 'is missing'],
])('%s is found', async ([, tamper, seq, what]) => {
  const given = await setup()
  await given.retention.sweep()
  await tamper(given)
  expect(await given.verify()).toMatchObject({ ok: false, problem: { seq, what: expect.stringContaining(what) } })
})

test('a segment whose row names the forged file is found by its checkpoint', async () => {
  const given = await setup()
  await given.retention.sweep()
  await rewrite(given.path, (lines) => lines.slice(0, 9))
  const forged = createHash('sha256')
    .update(await readFile(given.path))
    .digest('hex')
  await sql`update audit_segments set last = 9, sha256 = ${forged}`.execute(given.database)
  expect(await given.verify()).toMatchObject({ ok: false, problem: { seq: 10 } })
})

test('a broken chain is not sealed away', async () => {
  const { database, retention, numbers } = await setup()
  await sql`drop trigger audit_log_no_update`.execute(database)
  await sql`update audit_log set actor = 'eve' where seq = 4`.execute(database)
  await expect(retention.sweep()).rejects.toThrow('entry 4 was changed')
  expect(await numbers()).toHaveLength(16)
})

test.for(['file', 'delete'])('a process that is killed at %s loses nothing', async (point) => {
  const { clock, folder, retention, verify, numbers, exported } = await setup()
  const before = await exported()
  const child = spawn(process.execPath, [KILLED, folder, clock.now().toISOString(), point], { stdio: 'inherit' })
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  expect(await readdir(join(folder, 'audit'))).toContain('segment-1-10.jsonl.gz')
  expect(await numbers()).toHaveLength(16)
  expect(await exported()).toBe(before)
  expect(await verify()).toMatchObject({ ok: true, entries: 16, segments: 0 })
  expect(await retention.sweep()).toBe(1)
  expect(await verify()).toMatchObject({ ok: true, entries: 17, segments: 1 })
})

test('an unfinished file of a crash is replaced, and a file with other content is kept', async () => {
  const { folder, path, retention, verify } = await setup()
  await writeFile(`${path}.new`, 'half')
  await writeFile(path, 'of a restored backup')
  await retention.sweep()
  const files = await readdir(join(folder, 'audit'))
  const kept = files.find((name) => name.includes('.kept-')) ?? ''
  expect(await readFile(join(folder, 'audit', kept), 'utf8')).toBe('of a restored backup')
  expect(files).not.toContain('segment-1-10.jsonl.gz.new')
  expect(await verify()).toMatchObject({ ok: true })
})

test('the log can be read and verified while it is sealed', async () => {
  const { retention, verify } = await setup()
  const [count, ...verdicts] = await Promise.all([retention.sweep(), verify(), verify(), verify()])
  expect(count).toBe(1)
  for (const verdict of verdicts) expect(verdict).toMatchObject({ ok: true })
})

async function rewrite(path: string, change: (lines: string[]) => string[]): Promise<void> {
  const lines = gunzipSync(await readFile(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  await writeFile(`${path}.other`, gzipSync(`${change(lines).join('\n')}\n`, { level: 1 }))
  await rename(`${path}.other`, path)
}
