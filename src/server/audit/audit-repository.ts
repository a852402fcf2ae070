import type { Kysely, Selectable } from 'kysely'
import type { AuditQuery } from '#protocol/audit'
import type { AuditLogTable, Tables } from '../platform/schema.ts'
import type { Checkpoint } from './checkpoint.ts'

export type AuditRow = Selectable<AuditLogTable>

/** Older ones are vouched for by newer ones. */
const MAX_CHECKPOINTS = 10_000

/** Reads the audit log and keeps its checkpoints; entries are written by `recordAudit` alone. */
export class AuditRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  last(): Promise<Pick<AuditRow, 'seq' | 'hash'> | undefined> {
    return this.#db.selectFrom('audit_log').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  }

  /** Entries after a number, in order. */
  after(seq: number, limit: number): Promise<AuditRow[]> {
    return this.#db.selectFrom('audit_log').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()
  }

  /** Entries that fit, newest first. */
  list({ action, actor, subject, from, to, limit, cursor }: AuditQuery): Promise<AuditRow[]> {
    let query = this.#db.selectFrom('audit_log').selectAll()
    if (action?.endsWith('.*') === true)
      query = query.where('action', '>=', action.slice(0, -1)).where('action', '<', `${action.slice(0, -2)}/`)
    else if (action !== undefined) query = query.where('action', '=', action)
    if (actor !== undefined) query = query.where('actor', '=', actor)
    if (subject !== undefined) query = query.where('subject', '=', subject)
    if (from !== undefined) query = query.where('at', '>=', from)
    if (to !== undefined) query = query.where('at', '<', to)
    if (cursor !== undefined) query = query.where('seq', '<', Number(cursor))
    return query.orderBy('seq', 'desc').limit(limit).execute()
  }

  async sealedTo(): Promise<number> {
    const row = await this.#db.selectFrom('audit_checkpoints').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
    return row?.seq ?? 0
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const rows = await this.#db.selectFrom('audit_checkpoints').selectAll().orderBy('seq').execute()
    return rows.map(({ key_id: keyId, ...rest }) => ({ ...rest, keyId }))
  }

  async insertCheckpoint({ keyId, ...rest }: Checkpoint): Promise<void> {
    await this.#db
      .insertInto('audit_checkpoints')
      .values({ ...rest, key_id: keyId })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const kept = this.#db.selectFrom('audit_checkpoints').select('seq').orderBy('seq', 'desc').limit(1).offset(MAX_CHECKPOINTS)
    await this.#db.deleteFrom('audit_checkpoints').where('seq', '<=', kept).execute()
  }
}
