import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { CHAIN_START } from '../platform/audit-chain.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tables } from '../platform/schema.ts'
import type { AuditKey } from './audit-key.ts'
import { AuditRepository } from './audit-repository.ts'
import { type Checkpoint, checkpointFault } from './checkpoint.ts'
import { entryLine } from './export-entries.ts'
import type { SegmentFiles } from './segment-file.ts'
import { entryFault } from './verify-chain.ts'

const DAY_MS = 24 * 60 * 60_000
/** Entries of a segment, unless the next checkpoint lies further on: what is deleted and written back within 50 ms. */
const SEGMENT_ENTRIES = 2000
const SEGMENTS_AT_ONCE = 200
const PAGE = 500

export interface AuditRetentionDeps {
  database: Kysely<Tables>
  clock: Clock
  key: AuditKey
  segments: SegmentFiles
  /** 0: entries stay in the database for ever. */
  retentionDays: number
}

/** What is to be sealed next: the entries up to a checkpoint, and what they follow on. */
interface Cut {
  first: number
  prev: string
  checkpoint: Checkpoint
}

/**
 * Moves entries that are older than the retention into sealed files, never out of the chain. Nothing is deleted before
 * its file is durable; a crash in between leaves a file too many, which the next run writes again.
 */
export class AuditRetention {
  readonly #deps: AuditRetentionDeps
  #sweeping: Promise<number> | null = null
  #isStopped = false

  constructor(deps: AuditRetentionDeps) {
    this.#deps = deps
  }

  /** Seals what is old enough. @returns the number of segments @throws Error where the chain is broken; nothing is moved then */
  sweep(): Promise<number> {
    this.#sweeping ??= this.#sealAll().finally(() => {
      this.#sweeping = null
    })
    return this.#sweeping
  }

  /** Resolves when no segment is under way any more. */
  async settle(): Promise<void> {
    this.#isStopped = true
    await this.#sweeping?.catch(() => {})
  }

  async #sealAll(): Promise<number> {
    if (this.#deps.retentionDays === 0) return 0
    for (let count = 0; count < SEGMENTS_AT_ONCE && !this.#isStopped; count += 1) {
      const cut = await this.nextCut()
      if (!cut) return count
      await this.commit(cut, await this.write(cut))
    }
    return SEGMENTS_AT_ONCE
  }

  /** Null where nothing is old enough or nothing of it is signed yet. */
  async nextCut(): Promise<Cut | null> {
    const { database, clock, retentionDays, key } = this.#deps
    const repository = new AuditRepository(database)
    const before = await repository.lastSegment()
    const first = (before?.last ?? 0) + 1
    const limit = new Date(clock.now().getTime() - retentionDays * DAY_MS).toISOString()
    const checkpoint = await checkpointBefore(repository, first, limit)
    if (!checkpoint) return null
    const fault = checkpointFault(checkpoint, key.publicKey)
    if (fault !== null) throw brokenAt(checkpoint.seq, `has a checkpoint that ${fault}`)
    return { first, prev: before?.hash ?? CHAIN_START, checkpoint }
  }

  /** Writes the file of a segment. */
  write(cut: Cut) {
    const { database, segments } = this.#deps
    return segments.write({ first: cut.first, last: cut.checkpoint.seq }, segmentLines(database, cut))
  }

  /** Records the segment and takes its entries out of the database, as one step. */
  async commit({ first, checkpoint }: Cut, written: { file: string; bytes: number; sha256: string }): Promise<void> {
    const { database, clock } = this.#deps
    const { seq: last, hash } = checkpoint
    const at = clock.now()
    await database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('audit_segments')
        .values({ first, last, hash, ...written, sealed_at: at.toISOString(), checkpoint: JSON.stringify(checkpoint) })
        .execute()
      await recordAudit(transaction, { at, actor: 'system', action: 'audit.segment_sealed', details: { first, last, ...written } })
      await sql`drop trigger if exists audit_log_no_delete`.execute(transaction)
      for (let from = first; from <= last; from += PAGE) {
        await transaction
          .deleteFrom('audit_log')
          .where('seq', '>=', from)
          .where('seq', '<=', Math.min(last, from + PAGE - 1))
          .execute()
        // Others get a turn between the parts; the database is theirs again after the last.
        await setImmediate()
      }
      await sql`create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'the audit log is append-only'); end`.execute(
        transaction,
      )
    })
  }
}

/** The checkpoint that a segment is to end with; everything up to it is older than the limit. */
async function checkpointBefore(repository: AuditRepository, first: number, limit: string): Promise<Checkpoint | null> {
  const wanted =
    (await repository.checkpointIn({ first, last: first + SEGMENT_ENTRIES - 1 }, 'last')) ??
    (await repository.checkpointIn({ first, last: Number.MAX_SAFE_INTEGER }, 'first'))
  if (!wanted) return null
  const young = await repository.firstYoung({ first, last: wanted.seq }, limit)
  return young === null ? wanted : repository.checkpointIn({ first, last: young - 1 }, 'last')
}

/** The lines of a segment; the chain is checked on the way. @throws Error where it is broken */
async function* segmentLines(database: Kysely<Tables>, { first, prev, checkpoint }: Cut): AsyncGenerator<string> {
  const repository = new AuditRepository(database)
  const chain = { seq: first - 1, hash: prev }
  while (chain.seq < checkpoint.seq) {
    const page = await repository.after(chain.seq, Math.min(PAGE, checkpoint.seq - chain.seq))
    if (page.length === 0) throw brokenAt(chain.seq + 1, 'is missing')
    for (const row of page) {
      const fault = entryFault(row, chain)
      if (fault !== null) throw brokenAt(chain.seq + 1, fault)
      chain.seq = row.seq
      chain.hash = row.hash
    }
    yield page.map(entryLine).join('')
    await setImmediate()
  }
  if (chain.hash !== checkpoint.hash) throw brokenAt(chain.seq, 'was changed: a signed checkpoint names another hash')
  yield `${JSON.stringify({ type: 'checkpoint', ...checkpoint })}\n`
}

function brokenAt(seq: number, what: string): Error {
  return new Error(`Nothing of the audit log is sealed: entry ${String(seq)} ${what}.`)
}
