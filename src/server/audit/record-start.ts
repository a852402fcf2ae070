import { createHash, createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import * as z from 'zod/mini'
import { recordAudit } from '../platform/audit-log.ts'
import { canonicalJson } from '../platform/canonical-json.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tables } from '../platform/schema.ts'
import type { AuditKey } from './audit-key.ts'

const ROW = 'settings'
const Fingerprints = z.record(z.string(), z.string())

export interface RecordStartDeps {
  database: Kysely<Tables>
  clock: Clock
  key: AuditKey
  /** Every setting in force by the name of its variable. */
  settings: Readonly<Record<string, string>>
}

/**
 * Records that the server started, and which settings are not as at the start before. What is kept of a value is its
 * HMAC under a key made from the audit key, so that neither the database nor the log tells it or lets it be guessed.
 */
export async function recordStart({ database, clock, key, settings }: RecordStartDeps, version: string): Promise<void> {
  const secret = createHash('sha256')
    .update('ai-code-ui settings\0')
    .update(key.privateKey.export({ type: 'pkcs8', format: 'der' }))
    .digest()
  const mac = (text: string) => createHmac('sha256', secret).update(text).digest('hex').slice(0, 32)
  const now = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, mac(`${name}\0${value}`)]))
  const value = canonicalJson(now)
  const at = clock.now()
  await database.transaction().execute(async (transaction) => {
    const row = await transaction.selectFrom('installation').select('value').where('name', '=', ROW).executeTakeFirst()
    await transaction
      .insertInto('installation')
      .values({ name: ROW, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    await recordAudit(transaction, { at, actor: 'system', action: 'server.started', details: { version, settings: mac(value) } })
    const changed = row ? changedBetween(parse(row.value), now) : []
    if (changed.length > 0)
      await recordAudit(transaction, { at, actor: 'system', action: 'config.changed', details: { settings: changed } })
  })
}

function changedBetween(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...names].filter((name) => before[name] !== now[name]).sort()
}

/** What cannot be read counts as nothing: then everything is named as changed. */
function parse(text: string): Record<string, string> {
  try {
    return Fingerprints.parse(JSON.parse(text))
  } catch {
    // Somebody wrote to the row; the entry that names every setting tells of it.
    return {}
  }
}
