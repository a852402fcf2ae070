import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { TestClock } from '../../../test/support/test-clock.ts'
import { entryHash } from '../platform/audit-chain.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { createLogger } from '../platform/logger.ts'
import { loadOrMakeAuditKey } from './audit-key.ts'
import { AuditSealer } from './audit-sealer.ts'
import { CheckpointFile } from './checkpoint-file.ts'
import { exportEntries } from './export-entries.ts'
import { SegmentFiles } from './segment-file.ts'
import { verifyChain } from './verify-chain.ts'

/*
 * A signature says that everything before it is as it was, so that older ones may go. Hence nothing is signed that does not
 * follow from what was signed before, whoever had the database meanwhile.
 */

async function signedLog() {
  const database = await createTestDatabase()
  const folder = await temporaryFolder()
  const clock = new TestClock()
  const shared = {
    database,
    clock,
    logger: await createLogger('silent', 'json'),
    key: loadOrMakeAuditKey(folder),
    file: new CheckpointFile(folder),
    segments: new SegmentFiles(folder),
  }
  const sealer = new AuditSealer(shared)
  const write = async (count: number) => {
    for (let number = 0; number < count; number += 1)
      await recordAudit(database, { at: clock.now(), actor: 'ada', action: 'project.renamed', details: { number } })
  }
  await sql`drop trigger audit_log_no_update`.execute(database)
  await sql`drop trigger audit_log_no_delete`.execute(database)
  await write(10)
  await sealer.seal()
  await write(2)
  const verify = async () =>
    verifyChain({ database, publicKey: shared.key.publicKey, filed: await shared.file.read(), segments: shared.segments, now: clock.now() })
  const breaks = () => database.selectFrom('audit_log').selectAll().where('action', '=', 'audit.break_found').execute()
  return { ...shared, folder, path: join(folder, 'audit', 'checkpoints.jsonl'), shared, sealer, write, verify, breaks }
}

type Log = Awaited<ReturnType<typeof signedLog>>

/** Edits an entry, makes every hash fit again and forgets the database's own checkpoints. */
async function rewrite({ database }: Log, seq: number): Promise<void> {
  await sql`update audit_log set actor = 'eve' where seq = ${seq}`.execute(database)
  await sql`delete from audit_checkpoints`.execute(database)
  let prev = '0'.repeat(64)
  for (const row of await database.selectFrom('audit_log').selectAll().orderBy('seq').execute()) {
    const hash = entryHash({ ...row, prev })
    await sql`update audit_log set prev = ${prev}, hash = ${hash} where seq = ${row.seq}`.execute(database)
    prev = hash
  }
}

/** The file as it is when a thousand newer checkpoints came after these. */
async function forgetAllButTheLast({ path, file }: Log): Promise<void> {
  const last = (await file.read()).at(-1)
  await rm(path)
  await appendFile(path, `${JSON.stringify(last)}\n`)
}

test('a rewritten past is written down when the next entry is signed, and stays found when the old checkpoint is gone', async () => {
  const log = await signedLog()
  await rewrite(log, 4)
  await log.write(1)

  await log.sealer.seal()

  const [found] = await log.breaks()
  expect(found).toMatchObject({ seq: 14, actor: 'system' })
  expect(JSON.parse(found?.details ?? '')).toMatchObject({ entry: 10, signed: { seq: 10, signature: expect.any(String) } })
  expect(await log.verify()).toMatchObject({ ok: false, problem: { seq: 10 } })
  await forgetAllButTheLast(log)
  expect(await log.verify()).toMatchObject({ ok: false, problem: { seq: 14, what: expect.stringContaining('after it had been signed') } })
})

test('after a restart the file remembers what was signed', async () => {
  const log = await signedLog()
  await rewrite(log, 4)
  await new AuditSealer(log.shared).seal()
  expect(await log.breaks()).toHaveLength(1)
})

test('a running server remembers it when the file and the table are gone', async () => {
  const log = await signedLog()
  await rewrite(log, 4)
  await rm(log.path)
  await log.sealer.seal()
  expect(await log.breaks()).toHaveLength(1)
})

test('a cut-off end is written down, also where the new end has the number of the old one', async () => {
  for (const kept of [5, 9, 10]) {
    const log = await signedLog()
    await log.sealer.seal()
    await sql`delete from audit_log where seq > ${kept}`.execute(log.database)
    await sql`delete from audit_checkpoints`.execute(log.database)
    await log.sealer.seal()
    expect((await log.breaks()).map(({ seq }) => seq)).toEqual([kept + 1])
    expect((await log.file.read()).at(-1)).toMatchObject({ seq: kept + 1 })
  }
})

test('a break is written down once, and what comes after it is protected again', async () => {
  const log = await signedLog()
  await rewrite(log, 4)
  await log.sealer.seal()
  await log.write(3)
  await log.sealer.seal()
  await new AuditSealer(log.shared).seal()
  expect(await log.breaks()).toHaveLength(1)
  expect((await log.file.read()).at(-1)).toMatchObject({ seq: 16 })
})

test('a checkpoint that somebody without the key wrote keeps nothing from being signed', async () => {
  const log = await signedLog()
  const forged = { seq: 1_000_000, hash: 'f'.repeat(64), at: log.clock.now().toISOString(), key_id: log.key.id, signature: 'AAAA' }
  await log.database.insertInto('audit_checkpoints').values(forged).execute()
  await appendFile(log.path, `nonsense\n${JSON.stringify({ ...forged, keyId: log.key.id })}\n`)
  await new AuditSealer(log.shared).seal()
  expect(await log.file.last(({ seq }) => seq === 12)).toMatchObject({ seq: 12 })
  expect(await log.breaks()).toEqual([])
})

test('an older copy of the checkpoint file is caught up with', async () => {
  const log = await signedLog()
  const older = await log.file.read()
  await log.sealer.seal()
  await rm(log.path)
  for (const checkpoint of older) await log.file.append(checkpoint)
  await log.write(1)
  await new AuditSealer(log.shared).seal()
  expect(await log.verify()).toMatchObject({ ok: true, sealedTo: 13 })
  expect(await log.breaks()).toEqual([])
})

test('entries between the last checkpoint and a restart are signed as they are found', async () => {
  const log = await signedLog()
  await new AuditSealer(log.shared).seal()
  expect(await log.verify()).toMatchObject({ ok: true, sealedTo: 12 })
})

test('a clock that goes back breaks neither chain nor export', async () => {
  const log = await signedLog()
  const early = new Date(log.clock.now().getTime() - 3_600_000)
  await recordAudit(log.database, { at: early, actor: 'ada', action: 'project.renamed' })
  await log.write(1)
  await log.sealer.seal()
  expect(await log.verify()).toMatchObject({ ok: true, entries: 14 })
  const lines: string[] = []
  for await (const text of exportEntries(log.database, { from: log.clock.now().toISOString() })) lines.push(...text.trim().split('\n'))
  const entries = lines.filter((line) => line.includes('"type":"entry"'))
  expect(entries.map((line) => Number(/"seq":(\d+)/.exec(line)?.[1]))).toEqual(Array.from({ length: 14 }, (_, index) => index + 1))
})
