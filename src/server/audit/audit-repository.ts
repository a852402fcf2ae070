import { type Kysely, type RawBuilder, type Selectable, sql, type SqlBool } from 'kysely'
import type { AuditQuery } from '#protocol/audit'
import type { Tables } from '../platform/schema.ts'
import type { AuditLogTable, AuditSegmentsTable } from '../platform/schema-audit.ts'
import type { Checkpoint } from './checkpoint.ts'

export type AuditRow = Selectable<AuditLogTable>
export type SegmentRow = Selectable<AuditSegmentsTable>

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

  /** Undefined where the entry is not in the database. */
  async hashOf(seq: number): Promise<string | undefined> {
    return (await this.#db.selectFrom('audit_log').select('hash').where('seq', '=', seq).executeTakeFirst())?.hash
  }

  /** Entries after a number, in order. */
  after(seq: number, limit: number): Promise<AuditRow[]> {
    return this.#db.selectFrom('audit_log').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()
  }

  /** The first and the last entry of a time range, `to` exclusive; null where there is none. */
  async ends({ from, to }: Pick<AuditQuery, 'from' | 'to'>): Promise<{ first: number; last: number } | null> {
    const numbers = this.#db.selectFrom('audit_log').select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
    const since = from === undefined ? numbers : numbers.where('at', '>=', from)
    const row = await (to === undefined ? since : since.where('at', '<', to)).executeTakeFirst()
    return row?.first == null ? null : { first: row.first, last: row.last }
  }

  /** Entries that fit, newest first. */
  list(wanted: AuditQuery): Promise<AuditRow[]> {
    const query = conditions(wanted).reduce(
      (narrowed, condition) => narrowed.where(condition),
      this.#db.selectFrom('audit_log').selectAll(),
    )
    return query.orderBy('seq', 'desc').limit(wanted.limit).execute()
  }

  /** The first entry of a range that is not older than a time. */
  async firstYoung({ first, last }: { first: number; last: number }, limit: string): Promise<number | null> {
    // Along the numbers, and not the index of times, behind which lies everything that is young.
    const row = await this.#db
      .selectFrom('audit_log')
      .select('seq')
      .where('seq', '>=', first)
      .where('seq', '<=', last)
      .where(sql<SqlBool>`+at >= ${limit}`)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst()
    return row?.seq ?? null
  }

  segments(): Promise<SegmentRow[]> {
    return this.#db.selectFrom('audit_segments').selectAll().orderBy('first').execute()
  }

  /** The segment that an entry was moved to. */
  segmentWith(seq: number): Promise<SegmentRow | undefined> {
    return this.#db.selectFrom('audit_segments').selectAll().where('first', '<=', seq).where('last', '>=', seq).executeTakeFirst()
  }

  lastSegment(): Promise<SegmentRow | undefined> {
    return this.#db.selectFrom('audit_segments').selectAll().orderBy('first', 'desc').limit(1).executeTakeFirst()
  }

  /** The first or the last checkpoint of a range of entries. */
  async checkpointIn({ first, last }: { first: number; last: number }, order: 'first' | 'last'): Promise<Checkpoint | null> {
    const row = await this.#db
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('seq', '>=', first)
      .where('seq', '<=', last)
      .orderBy('seq', order === 'first' ? 'asc' : 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!row) return null
    const { key_id: keyId, ...rest } = row
    return { ...rest, keyId }
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const rows = await this.#db.selectFrom('audit_checkpoints').selectAll().orderBy('seq').execute()
    return rows.map(({ key_id: keyId, ...rest }) => ({ ...rest, keyId }))
  }

  /** Those after one number, up to another, in order. */
  async checkpointsBetween(after: number, to: number): Promise<Checkpoint[]> {
    const rows = await this.#db
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', to)
      .orderBy('seq')
      .limit(500)
      .execute()
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

type Condition = RawBuilder<SqlBool>

/** The session in which something happened, as the index of migration 3 holds it. */
const session = sql`json_extract(details, '$.sessionId')`

function conditions({ action, actor, subject, about, project, from, to, cursor }: AuditQuery): Condition[] {
  return [
    action !== undefined && ofAction(action),
    actor !== undefined && sql<SqlBool>`actor = ${actor}`,
    subject !== undefined && sql<SqlBool>`subject = ${subject}`,
    about !== undefined && sql<SqlBool>`(subject = ${about} or ${session} = ${about})`,
    project !== undefined && ofProject(project),
    from !== undefined && sql<SqlBool>`at >= ${from}`,
    to !== undefined && sql<SqlBool>`at < ${to}`,
    cursor !== undefined && sql<SqlBool>`seq < ${Number(cursor)}`,
  ].filter((condition) => condition !== false)
}

function ofAction(action: string): Condition {
  if (!action.endsWith('.*')) return sql`action = ${action}`
  // A slash follows the dot.
  return sql`(action >= ${action.slice(0, -1)} and action < ${`${action.slice(0, -2)}/`})`
}

function ofProject(project: string): Condition {
  const itsSessions = sql`(select id from sessions where project_id = ${project})`
  return sql`(subject = ${project} or subject in ${itsSessions} or ${session} in ${itsSessions})`
}
