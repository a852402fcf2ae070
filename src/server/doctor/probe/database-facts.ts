import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'

/** The value of a pragma of the connection that is in use; null where it has none. */
export async function pragma(
  database: Database,
  name: 'journal_mode' | 'synchronous' | 'foreign_keys' | 'trusted_schema',
): Promise<string | null> {
  const { rows } = await sql<Record<string, string | number>>`pragma ${sql.raw(name)}`.execute(database)
  const value = Object.values(rows[0] ?? {})[0]
  return value === undefined ? null : String(value)
}

/** How often each action was recorded since a moment. */
export async function actionsSince(database: Database, since: Date, actions: readonly string[]): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('audit_log')
    .select(({ fn }) => ['action', fn.countAll<number>().as('count')])
    .where('at', '>=', since.toISOString())
    .where('action', 'in', [...actions])
    .groupBy('action')
    .execute()
  return new Map(rows.map(({ action, count }) => [action, count]))
}
