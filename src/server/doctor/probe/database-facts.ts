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

const OWN_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1']
const MINUTE_MS = 60_000
const MOST_LOOKS = 1000

/** How many refusals since a moment were of doctor's own questions: from this machine, around the times at which it looked. */
export async function ownRefusalsSince(database: Database, since: Date): Promise<number> {
  const looks = await database
    .selectFrom('audit_log')
    .select('at')
    .where('action', '=', 'security.examined')
    .where('at', '>=', since.toISOString())
    .orderBy('seq', 'desc')
    .limit(MOST_LOOKS)
    .execute()
  const minutes = new Set(looks.flatMap(({ at }) => minutesAround(Date.parse(at))))
  if (minutes.size === 0) return 0
  const { count } = await database
    .selectFrom('audit_log')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('at', '>=', since.toISOString())
    .where('action', '=', 'access.refused')
    .where('address', 'in', OWN_ADDRESSES)
    .where(sql<string>`substr(at, 1, 16)`, 'in', [...minutes])
    .executeTakeFirstOrThrow()
  return count
}

/** As `at` begins. What is refused again in a minute is recorded when that is over. */
function minutesAround(at: number): string[] {
  return [-1, 0, 1].map((minutes) => new Date(at + minutes * MINUTE_MS).toISOString().slice(0, 16))
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
