import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { CHAIN_START } from '../platform/audit-chain.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import type { AuditKey } from './audit-key.ts'
import { AuditRepository } from './audit-repository.ts'
import { chainPages } from './chain-reader.ts'
import { type Checkpoint, checkpointFault, signCheckpoint } from './checkpoint.ts'
import type { CheckpointFile } from './checkpoint-file.ts'
import type { SegmentFiles } from './segment-file.ts'
import { entryFault } from './verify-chain.ts'

const LOOK_EVERY_MS = 5000
const SEAL_AFTER_ENTRIES = 64
const SEAL_AFTER_MS = 60_000

export interface AuditSealerDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  key: AuditKey
  file: CheckpointFile
  segments: SegmentFiles
}

interface ChainEnd {
  seq: number
  hash: string
}

/** An entry that is not what was signed, and how, as the end of a sentence. */
interface BreakFound {
  seq: number
  what: string
}

/** Signs the end of the audit log, every 64 entries or every minute in which there were any. */
export class AuditSealer {
  readonly #deps: AuditSealerDeps
  readonly #repository: AuditRepository
  #timer: NodeJS.Timeout | null = null
  #sealedAt = 0
  #signed: Checkpoint | null = null
  #sealing: Promise<void> = Promise.resolve()

  constructor(deps: AuditSealerDeps) {
    this.#deps = deps
    this.#repository = new AuditRepository(deps.database)
  }

  start(): void {
    this.#sealedAt = this.#deps.clock.now().getTime()
    this.#timer = setInterval(() => {
      this.#look().catch((error: unknown) => {
        this.#deps.logger.error({ err: error }, 'the audit log could not be sealed; tried again soon')
      })
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Seals what there is and looks no more. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    await this.seal()
  }

  /** Signs the newest entry, unless a checkpoint vouches for it already. */
  seal(): Promise<void> {
    this.#sealing = this.#sealing.catch(() => {}).then(() => this.#sealNow())
    return this.#sealing
  }

  async #look(): Promise<void> {
    const [last, signed] = await Promise.all([this.#repository.last(), this.#lastSigned()])
    const unsealed = (last?.seq ?? 0) - (signed?.seq ?? 0)
    const isLate = this.#deps.clock.now().getTime() - this.#sealedAt >= SEAL_AFTER_MS
    // Fewer than were signed: the end was cut off.
    if (unsealed < 0 || unsealed >= SEAL_AFTER_ENTRIES || (unsealed > 0 && isLate)) await this.seal()
  }

  /**
   * Signs the newest entry once it is sure that the chain leads there from what was signed last. Where it does not, that
   * becomes an entry of its own, with the contradicted checkpoint, before anything is signed: a signature never makes a
   * changed log look whole, and what comes later is protected again.
   */
  async #sealNow(): Promise<void> {
    const { clock, key, file, database } = this.#deps
    this.#sealedAt = clock.now().getTime()
    const signed = await this.#lastSigned()
    const { end, fault } = await this.#followFrom(signed ?? { seq: 0, hash: CHAIN_START })
    if (fault !== null) await this.#recordBreak(signed, fault)
    const last = fault === null ? end : await this.#repository.last()
    if (!last || last.seq === 0 || (last.seq === signed?.seq && last.hash === signed.hash)) return
    // What is signed is to survive a power cut that the signature survives.
    await sql`pragma wal_checkpoint(passive)`.execute(database)
    const checkpoint = signCheckpoint({ seq: last.seq, hash: last.hash, at: clock.now() }, key)
    // The file first: should the server die in between, it vouches alone.
    await file.append(checkpoint)
    await this.#repository.insertCheckpoint(checkpoint)
    this.#signed = checkpoint
  }

  /** What this process signed last, whatever became of it on the disk; after a start, what the disk holds of our own. */
  async #lastSigned(): Promise<Checkpoint | null> {
    const isOurs = (checkpoint: Checkpoint) => checkpointFault(checkpoint, this.#deps.key.publicKey) === null
    this.#signed ??= (await this.#deps.file.last(isOurs)) ?? (await this.#repository.checkpoints()).findLast(isOurs) ?? null
    return this.#signed
  }

  /** Walks the chain from an entry to its end, or to what is wrong. */
  async #followFrom(start: ChainEnd): Promise<{ end: ChainEnd; fault: BreakFound | null }> {
    const { database, segments } = this.#deps
    let end: ChainEnd = { seq: start.seq, hash: start.hash }
    const changed = await this.#faultAt(start)
    if (changed) return { end, fault: changed }
    for await (const page of chainPages(database, segments, start.seq)) {
      for (const row of page) {
        const what = entryFault(row, end)
        if (what !== null) return { end, fault: { seq: end.seq + 1, what } }
        end = { seq: row.seq, hash: row.hash }
      }
      await setImmediate()
    }
    return { end, fault: null }
  }

  /** What became of the entry that was signed last, as far as the database tells; it may lie in a segment. */
  async #faultAt({ seq, hash }: ChainEnd): Promise<BreakFound | null> {
    const last = (await this.#repository.last())?.seq ?? 0
    if (last < seq) return { seq: last + 1, what: 'is missing, and was signed' }
    const found = await this.#repository.hashOf(seq)
    return found === undefined || found === hash ? null : { seq, what: 'was changed: it was signed with another hash' }
  }

  async #recordBreak(signed: Checkpoint | null, fault: BreakFound): Promise<void> {
    const { database, clock, logger } = this.#deps
    logger.error({ problem: fault }, 'the audit log was changed: run ai-code-ui audit verify')
    const details = { entry: fault.seq, what: fault.what, signed }
    await recordAudit(database, { at: clock.now(), actor: 'system', action: 'audit.break_found', details })
  }
}
