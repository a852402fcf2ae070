import { sql } from 'kysely'
import { AUDIT_DETAILS } from '../../scripts/docs/audit-details.ts'
import type { Database } from '../../src/server/platform/database.ts'

/**
 * Whatever a test made the server record must be what docs/audit-events.md says of it.
 * @throws Error that names what is recorded and not documented
 */
export async function requireDocumentedAudit(database: Database): Promise<void> {
  const { rows } = await sql<{ action: string; field: string }>`
    select distinct action, json_each.key as field from audit_log, json_each(audit_log.details)`.execute(database)
  const documented = new Map(Object.entries(AUDIT_DETAILS))
  const unknown = rows.filter(({ action, field }) => !Object.hasOwn(documented.get(action) ?? {}, field))
  if (unknown.length > 0)
    throw new Error(
      `scripts/docs/audit-details.ts does not know: ${unknown.map(({ action, field }) => `${field} of ${action}`).join(', ')}`,
    )
}
