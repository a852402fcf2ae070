import type { KeyObject } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { AuditVerdict } from '#protocol/audit'
import { CHAIN_START, entryHash } from '../platform/audit-chain.ts'
import type { Tables } from '../platform/schema.ts'
import { AuditRepository, type AuditRow } from './audit-repository.ts'
import { type Checkpoint, checkpointFault } from './checkpoint.ts'

/** Few enough that a server that verifies its own log answers in between. */
const PAGE = 500

type Problem = NonNullable<AuditVerdict['problem']>

export interface VerifyOptions {
  database: Kysely<Tables>
  publicKey: KeyObject
  /** The checkpoints of the file beside the database. */
  filed: readonly Checkpoint[]
  now: Date
}

/**
 * Checks the whole audit log: numbers without a gap, each entry's own hash, the hash of the one before, and every
 * checkpoint's key, signature and entry. Finds edits, deletions, changes of order, a cut-off end and a swapped key.
 */
export async function verifyChain({ database, publicKey, filed, now }: VerifyOptions): Promise<AuditVerdict> {
  const repository = new AuditRepository(database)
  const checkpoints = [...(await repository.checkpoints()), ...filed]
  const known = Map.groupBy(checkpoints, ({ seq }) => seq)
  const chain = { seq: 0, hash: CHAIN_START }
  const verdict = (problem: Problem | null): AuditVerdict => ({
    ok: problem === null,
    at: now.toISOString(),
    entries: chain.seq,
    checkpoints: checkpoints.length,
    sealedTo: checkpoints.reduce((newest, { seq }) => Math.max(newest, seq), 0),
    problem,
  })
  for (;;) {
    const page = await repository.after(chain.seq, PAGE)
    for (const row of page) {
      const what = entryFault(row, chain) ?? checkpointsFault(known.get(row.seq) ?? [], row.hash, publicKey)
      if (what !== null) return verdict({ seq: Math.min(row.seq, chain.seq + 1), what })
      chain.seq = row.seq
      chain.hash = row.hash
    }
    if (page.length < PAGE) break
    await setImmediate()
  }
  const beyond = checkpoints.some(({ seq }) => seq > chain.seq)
  return verdict(
    beyond ? { seq: chain.seq + 1, what: 'is missing: a signed checkpoint vouches for entries after the last one that is there' } : null,
  )
}

function entryFault(row: AuditRow, before: { seq: number; hash: string }): string | null {
  if (row.seq !== before.seq + 1) return 'is missing'
  if (row.prev !== before.hash) return 'does not follow from the entry before it'
  return entryHash(row) === row.hash ? null : 'was changed: its content does not have its hash'
}

function checkpointsFault(checkpoints: readonly Checkpoint[], hash: string, publicKey: KeyObject): string | null {
  for (const checkpoint of checkpoints) {
    const fault = checkpointFault(checkpoint, publicKey)
    if (fault !== null) return `has a checkpoint that ${fault}`
    if (checkpoint.hash !== hash) return 'was changed: a signed checkpoint names another hash'
  }
  return null
}
