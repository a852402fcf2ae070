import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { DomainError } from '../domain-error.ts'
import type { Tables } from '../schema.ts'
import { UnusableDataError } from '../unusable-data-error.ts'
import { first } from './0001-first.ts'
import { accounts } from './0002-accounts.ts'
import { auditChain } from './0003-audit-chain.ts'
import { policy } from './0004-policy.ts'
import { skipAndTimeouts } from './0005-skip-and-timeouts.ts'
import { auditSegments } from './0006-audit-segments.ts'
import { decidedApprovals } from './0007-decided-approvals.ts'
import { rememberedRules } from './0008-remembered-rules.ts'
import type { Migration } from './migration.ts'

/** Append only: a step that was released is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  first,
  accounts,
  auditChain,
  policy,
  skipAndTimeouts,
  auditSegments,
  decidedApprovals,
  rememberedRules,
]

/** The database was written by a newer version of the product. */
export class NewerDatabaseError extends UnusableDataError {
  constructor(found: number, known: number) {
    super(
      `The database was last used by a newer version of AI Code UI (its schema is number ${String(found)}, this version knows ${String(known)}). ` +
        'Install the newer version again, or start with another DATA_DIR. Nothing was changed.',
    )
  }
}

/** The database awaits the server of this version, which alone brings it up to date. */
export class OlderDatabaseError extends DomainError {
  constructor() {
    super(
      'CONFLICT',
      'The database was last used by an older version of AI Code UI. Start the server of this version once, then try again.',
    )
  }
}

export interface MigrateOptions {
  /** Called before the first step changes anything of a database that holds something; it throws to keep it as it is. */
  beforeChange?: (from: number) => Promise<void>
  /** The product's own unless said. */
  migrations?: readonly Migration[]
}

/**
 * Brings the schema up to date, each step in a transaction of its own: one that fails, or is killed, has changed nothing.
 * @throws NewerDatabaseError when the schema is ahead of this version
 */
export async function migrate(db: Kysely<Tables>, { beforeChange, migrations = MIGRATIONS }: MigrateOptions = {}): Promise<void> {
  await sql`create table if not exists schema_version (number integer primary key, name text not null, applied_at text not null)`.execute(
    db,
  )
  const current = await currentSchema(db, migrations.length)
  if (current > 0 && current < migrations.length) await beforeChange?.(current)
  for (const [index, migration] of migrations.entries()) {
    const number = index + 1
    if (number <= current) continue
    await db.transaction().execute(async (transaction) => {
      await migration.up(transaction)
      await sql`insert into schema_version (number, name, applied_at) values (${number}, ${migration.name}, ${new Date().toISOString()})`.execute(
        transaction,
      )
    })
  }
}

/** @throws NewerDatabaseError | OlderDatabaseError */
export async function requireCurrentSchema(db: Kysely<Tables>): Promise<void> {
  if ((await currentSchema(db)) < MIGRATIONS.length) throw new OlderDatabaseError()
}

async function currentSchema(db: Kysely<Tables>, known = MIGRATIONS.length): Promise<number> {
  const { rows } = await sql<{ number: number | null }>`select max(number) as number from schema_version`.execute(db)
  const current = rows[0]?.number ?? 0
  if (current > known) throw new NewerDatabaseError(current, known)
  return current
}
