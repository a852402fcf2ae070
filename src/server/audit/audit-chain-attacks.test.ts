import { generateKeyPairSync } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { TestClock } from '../../../test/support/test-clock.ts'
import { entryHash } from '../platform/audit-chain.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Database } from '../platform/database.ts'
import { createLogger } from '../platform/logger.ts'
import { loadOrMakeAuditKey } from './audit-key.ts'
import { AuditSealer } from './audit-sealer.ts'
import { AuditService } from './audit-service.ts'
import { CheckpointFile } from './checkpoint-file.ts'
import { SegmentFiles } from './segment-file.ts'

/*
 * Whoever can write the database file, but not read the key beside it, is found out. The triggers are dropped first, as
 * such a person would do.
 */

async function sealedLog() {
  const database = await createTestDatabase()
  const folder = await temporaryFolder()
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
  const service = new AuditService({ ...shared, seal: () => sealer.seal(), forwardState: async () => null })
  for (let number = 1; number <= 10; number += 1)
    await recordAudit(database, { at: clock.now(), actor: 'ada', action: 'project.renamed', details: { number } })
  await sealer.seal()
  for (let number = 11; number <= 12; number += 1)
    await recordAudit(database, { at: clock.now(), actor: 'ada', action: 'project.renamed', details: { number } })
  await sql`drop trigger audit_log_no_update`.execute(database)
  await sql`drop trigger audit_log_no_delete`.execute(database)
  return { database, folder, sealer, shared, verify: () => service.verify() }
}

/** Makes all hashes fit again, as somebody who knows how they are made would. */
async function rechain(database: Database): Promise<void> {
  const rows = await database.selectFrom('audit_log').selectAll().orderBy('seq').execute()
  let prev = '0'.repeat(64)
  for (const row of rows) {
    const hash = entryHash({ ...row, prev })
    await sql`update audit_log set prev = ${prev}, hash = ${hash} where seq = ${row.seq}`.execute(database)
    prev = hash
  }
}

test('an untouched log is as it was written', async () => {
  const { verify } = await sealedLog()
  expect(await verify()).toMatchObject({ ok: true, entries: 12, checkpoints: 2, sealedTo: 10, problem: null })
})

test('our own code cannot change or delete an entry by a slip', async () => {
  const database = await createTestDatabase()
  await recordAudit(database, { at: new Date(), actor: 'ada', action: 'project.renamed' })
  await expect(sql`update audit_log set actor = 'eve'`.execute(database)).rejects.toThrow('append-only')
  await expect(sql`delete from audit_log`.execute(database)).rejects.toThrow('append-only')
})

test.for([
  ['an edit', sql`update audit_log set actor = 'eve' where seq = 4`, 4, 'was changed'],
  ['an edit of the time', sql`update audit_log set at = '2020-01-01T00:00:00.000Z' where seq = 5`, 5, 'was changed'],
  ['an edit of the details', sql`update audit_log set details = '{"number":99}' where seq = 6`, 6, 'was changed'],
  ['a deletion', sql`delete from audit_log where seq = 7`, 7, 'is missing'],
  ['a deletion of the first', sql`delete from audit_log where seq = 1`, 1, 'is missing'],
] as const)('%s is found', async ([, attack, seq, what]) => {
  const { database, verify } = await sealedLog()
  await attack.execute(database)
  expect(await verify()).toMatchObject({ ok: false, problem: { seq, what: expect.stringContaining(what) } })
})

test('two entries that changed places are found', async () => {
  const { database, verify } = await sealedLog()
  await sql`update audit_log set seq = 99 where seq = 3`.execute(database)
  await sql`update audit_log set seq = 3 where seq = 4`.execute(database)
  await sql`update audit_log set seq = 4 where seq = 99`.execute(database)
  expect(await verify()).toMatchObject({ ok: false, problem: { seq: 3 } })
})

test('a whole chain made anew is found by the checkpoint, also by the one in the file alone', async () => {
  const { database, verify } = await sealedLog()
  await sql`update audit_log set actor = 'eve' where seq = 4`.execute(database)
  await rechain(database)
  expect(await verify()).toMatchObject({ ok: false, problem: { seq: 10, what: expect.stringContaining('checkpoint') } })
  await sql`delete from audit_checkpoints`.execute(database)
  expect(await verify()).toMatchObject({ ok: false, problem: { seq: 10 } })
})

test('a deletion with the rest renumbered is found', async () => {
  const { database, verify } = await sealedLog()
  await sql`delete from audit_log where seq = 4`.execute(database)
  for (let seq = 5; seq <= 12; seq += 1) await sql`update audit_log set seq = ${seq - 1} where seq = ${seq}`.execute(database)
  await rechain(database)
  expect(await verify()).toMatchObject({ ok: false, problem: { seq: 10 } })
})

test('an end that was cut off is found as far as a checkpoint reaches', async () => {
  const { database, verify } = await sealedLog()
  await sql`delete from audit_log where seq > 8`.execute(database)
  await sql`delete from audit_checkpoints`.execute(database)
  expect(await verify()).toMatchObject({ ok: false, problem: { seq: 9, what: expect.stringContaining('missing') } })
})

test('a swapped key is found, and so is a forged checkpoint', async () => {
  const { database, folder, sealer, shared, verify } = await sealedLog()
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(join(folder, 'keys', 'audit.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const swapped = new AuditService({
    ...shared,
    key: loadOrMakeAuditKey(folder),
    seal: () => sealer.seal(),
    forwardState: async () => null,
  })
  expect(await swapped.verify()).toMatchObject({ ok: false, problem: { seq: 10, what: 'has a checkpoint that is signed by another key' } })
  await sql`update audit_checkpoints set signature = ${Buffer.alloc(64).toString('base64')}`.execute(database)
  await rm(join(folder, 'audit', 'checkpoints.jsonl'))
  expect(await verify()).toMatchObject({ ok: false, problem: { seq: 10, what: 'has a checkpoint that has a signature that is not valid' } })
})

test('sealing again without anything new signs nothing', async () => {
  const { sealer, shared } = await sealedLog()
  await sealer.seal()
  await Promise.all([sealer.seal(), sealer.seal()])
  expect((await shared.file.read()).map(({ seq }) => seq)).toEqual([10, 12])
})

test('a checkpoint that a crash cut off is no failure; a broken one before it is', async () => {
  const { folder, shared } = await sealedLog()
  const path = join(folder, 'audit', 'checkpoints.jsonl')
  const [whole] = (await shared.file.read()).map((checkpoint) => JSON.stringify(checkpoint))
  await writeFile(path, `${whole ?? ''}\n{"seq":1`)
  expect(await shared.file.read()).toHaveLength(1)
  await writeFile(path, `nonsense\n${whole ?? ''}\n`)
  await expect(shared.file.read()).rejects.toThrow('Line 1')
})
