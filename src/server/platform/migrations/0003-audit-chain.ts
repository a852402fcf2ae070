import { type Kysely, sql } from 'kysely'
import { CHAIN_START, entryHash } from '../audit-chain.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { Tables } from '../schema.ts'
import type { Migration } from './migration.ts'

/** The audit log becomes a chain: entries are numbered and hold the hash of the one before. Signed checkpoints. */
export const auditChain: Migration = {
  name: 'audit-chain',
  async up(db) {
    await db.schema.dropIndex('audit_log_at').execute()
    await db.schema.alterTable('audit_log').renameTo('audit_log_unchained').execute()
    for (const table of tables(db)) await table.execute()
    await chainOldEntries(db)
    await sql`drop table audit_log_unchained`.execute(db)
    for (const index of indexes(db)) await index.execute()
    await sql`create index audit_log_session on audit_log (json_extract(details, '$.sessionId'), seq)`.execute(db)
    // A guard against slips of our own; who writes the file itself is found by the chain.
    await sql`create trigger audit_log_no_update before update on audit_log begin select raise(abort, 'the audit log is append-only'); end`.execute(
      db,
    )
    await sql`create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'the audit log is append-only'); end`.execute(
      db,
    )
  },
}

function tables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('audit_log')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('subject', 'text')
      .addColumn('address', 'text')
      .addColumn('device', 'text')
      .addColumn('details', 'text', (c) => c.notNull())
      .addColumn('prev', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull()),
    db.schema
      .createTable('audit_checkpoints')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('key_id', 'text', (c) => c.notNull())
      .addColumn('signature', 'text', (c) => c.notNull()),
  ]
}

function indexes(db: Kysely<Tables>) {
  return [
    db.schema.createIndex('audit_log_at').on('audit_log').column('at'),
    db.schema.createIndex('audit_log_action').on('audit_log').columns(['action', 'seq']),
    db.schema.createIndex('audit_log_actor').on('audit_log').columns(['actor', 'seq']),
    db.schema.createIndex('audit_log_subject').on('audit_log').columns(['subject', 'seq']),
  ]
}

interface UnchainedEntry {
  id: string
  at: string
  actor: string
  action: string
  subject: string | null
  address: string | null
  device: string | null
  details: string
}

async function chainOldEntries(db: Kysely<Tables>): Promise<void> {
  const { rows } =
    await sql<UnchainedEntry>`select id, at, actor, action, subject, address, device, details from audit_log_unchained order by rowid`.execute(
      db,
    )
  let prev = CHAIN_START
  for (const [index, { id, at, actor, action, subject, address, device, details }] of rows.entries()) {
    const parsed: unknown = JSON.parse(details)
    const chained = { seq: index + 1, id, at, actor, action, subject, address, device, details: canonicalJson(parsed), prev }
    prev = entryHash(chained)
    await db
      .insertInto('audit_log')
      .values({ ...chained, hash: prev })
      .execute()
  }
}
