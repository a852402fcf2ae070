import { Readable } from 'node:stream'
import type { Kysely } from 'kysely'
import type { AuditLogEntry, AuditQuery, AuditState, AuditVerdict } from '#protocol/audit'
import type { Page } from '#protocol/lists'
import type { Principal } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tables } from '../platform/schema.ts'
import type { AuditKey } from './audit-key.ts'
import { AuditRepository } from './audit-repository.ts'
import type { CheckpointFile } from './checkpoint-file.ts'
import { type ExportRange, exportAll, exportEntries, toAuditEntry } from './export-entries.ts'
import type { SegmentFiles } from './segment-file.ts'
import { verifyChain } from './verify-chain.ts'

export interface AuditServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  key: AuditKey
  file: CheckpointFile
  /** Signs the newest entry. */
  seal: () => Promise<void>
  segments: SegmentFiles
  /** How far the log was handed on; null where it is not. */
  forwardState: () => Promise<AuditState['forward']>
}

/** Reads, checks and exports the audit log. */
export class AuditService {
  readonly #deps: AuditServiceDeps
  #verdict: AuditVerdict | null = null
  #verifying: Promise<AuditVerdict> | null = null

  constructor(deps: AuditServiceDeps) {
    this.#deps = deps
  }

  /** Newest first. */
  async list(query: AuditQuery): Promise<Page<AuditLogEntry>> {
    const rows = await new AuditRepository(this.#deps.database).list({ ...query, limit: query.limit + 1 })
    const items = rows.slice(0, query.limit).map(toAuditEntry)
    return { items, nextCursor: rows.length > query.limit ? String(items.at(-1)?.seq) : null }
  }

  /** How the log is kept, and what the last check of it found. */
  async state(): Promise<AuditState> {
    const segments = await new AuditRepository(this.#deps.database).segments()
    const forward = await this.#deps.forwardState()
    return { verdict: this.#verdict, segments: { count: segments.length, last: segments.at(-1)?.last ?? 0 }, forward }
  }

  /** Checks the whole chain; callers at the same time share one check. */
  async verify(): Promise<AuditVerdict> {
    this.#verifying ??= this.#verifyNow().finally(() => {
      this.#verifying = null
    })
    return this.#verifying
  }

  /** The log as JSON Lines, signed to its end. */
  async export({ all, ...range }: ExportRange & { all: boolean }, principal: Principal): Promise<Readable> {
    const { database, clock, seal, segments } = this.#deps
    await recordAudit(database, {
      at: clock.now(),
      actor: principal.user.username,
      device: principal.device,
      action: 'audit.exported',
      details: all ? { all } : { ...range },
    })
    await seal()
    return Readable.from(all ? exportAll(database, segments) : exportEntries(database, range))
  }

  async #verifyNow(): Promise<AuditVerdict> {
    const { database, clock, key, file, segments } = this.#deps
    this.#verdict = await verifyChain({ database, publicKey: key.publicKey, filed: await file.read(), segments, now: clock.now() })
    return this.#verdict
  }
}
