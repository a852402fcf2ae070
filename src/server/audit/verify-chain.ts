import type { KeyObject } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { AuditVerdict } from '#protocol/audit'
import { CHAIN_START, entryHash } from '../platform/audit-chain.ts'
import type { Tables } from '../platform/schema.ts'
import { AuditRepository, type AuditRow, type SegmentRow } from './audit-repository.ts'
import { chainPages } from './chain-reader.ts'
import { Checkpoint, checkpointFault } from './checkpoint.ts'
import { SegmentFault, type SegmentFiles } from './segment-file.ts'

type Problem = NonNullable<AuditVerdict['problem']>

export interface VerifyOptions {
  database: Kysely<Tables>
  publicKey: KeyObject
  /** The checkpoints of the file beside the database. */
  filed: readonly Checkpoint[]
  segments: SegmentFiles
  now: Date
}

/**
 * Checks the whole audit log, sealed segments included: numbers without a gap, each entry's own hash, the hash of the one before, and every
 * checkpoint's key, signature and entry. Finds edits, deletions, changes of order, a cut-off end and a swapped key.
 */
export async function verifyChain({ database, publicKey, filed, segments, now }: VerifyOptions): Promise<AuditVerdict> {
  const repository = new AuditRepository(database)
  const sealed = await repository.segments()
  const checkpoints = [...(await repository.checkpoints()), ...filed, ...sealed.flatMap(checkpointOf)]
  const known = Map.groupBy(checkpoints, ({ seq }) => seq)
  const chain = { seq: 0, hash: CHAIN_START }
  const verdict = (problem: Problem | null): AuditVerdict => ({
    ok: problem === null,
    at: now.toISOString(),
    entries: chain.seq,
    checkpoints: checkpoints.length,
    segments: sealed.length,
    sealedTo: checkpoints.reduce((newest, { seq }) => Math.max(newest, seq), 0),
    problem,
  })
  try {
    for await (const page of chainPages(database, segments)) {
      const problem = firstProblem(page, chain, (row) => checkpointsFault(known.get(row.seq) ?? [], row.hash, publicKey))
      if (problem) return verdict(problem)
      await setImmediate()
    }
  } catch (error) {
    if (error instanceof SegmentFault) return verdict({ seq: error.seq, what: error.what })
    throw error
  }
  const beyond = checkpoints.some(({ seq }) => seq > chain.seq)
  return verdict(
    beyond ? { seq: chain.seq + 1, what: 'is missing: a signed checkpoint vouches for entries after the last one that is there' } : null,
  )
}

/** Moves the end of the chain over a page, up to the first entry that is wrong. */
function firstProblem(
  page: readonly AuditRow[],
  chain: { seq: number; hash: string },
  unsigned: (row: AuditRow) => string | null,
): Problem | null {
  for (const row of page) {
    const what = entryFault(row, chain) ?? unsigned(row) ?? breakFound(row)
    if (what !== null) return { seq: Math.min(row.seq, chain.seq + 1), what }
    chain.seq = row.seq
    chain.hash = row.hash
  }
  return null
}

/** What was found when the log was signed stays found, also when the checkpoint that showed it is no longer kept. */
function breakFound({ action }: AuditRow): string | null {
  return action === 'audit.break_found' ? 'tells that an entry before it was changed or removed after it had been signed' : null
}

/** None where it cannot be read: then the entries themselves show what was done to the segment. */
function checkpointOf({ checkpoint }: SegmentRow): Checkpoint[] {
  const parsed = Checkpoint.safeParse(JSON.parse(checkpoint))
  return parsed.success ? [parsed.data] : []
}

/** What is wrong with an entry that is to follow on another, as the end of a sentence; null for nothing. */
export function entryFault(row: AuditRow, before: { seq: number; hash: string }): string | null {
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
