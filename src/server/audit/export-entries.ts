import type { Kysely } from 'kysely'
import type { AuditLogEntry } from '#protocol/audit'
import type { Tables } from '../platform/schema.ts'
import { AuditRepository, type AuditRow } from './audit-repository.ts'

const PAGE = 500

export function toAuditEntry({ details, ...row }: AuditRow): AuditLogEntry {
  const parsed: unknown = JSON.parse(details)
  return { ...row, details: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {} }
}

/** Which entries to export; both ends are ISO 8601, `to` is exclusive. */
export interface ExportRange {
  from?: string | undefined
  to?: string | undefined
}

/**
 * The log as JSON Lines: one `{"type":"entry",…}` a line in order, then one `{"type":"checkpoint",…}` for each checkpoint
 * that vouches for one of them, so that the file can be verified with the public key alone.
 */
export async function* exportEntries(database: Kysely<Tables>, { from, to }: ExportRange): AsyncGenerator<string> {
  const repository = new AuditRepository(database)
  let seq = 0
  let first = 0
  for (let page = await repository.after(seq, PAGE); page.length > 0; page = await repository.after(seq, PAGE)) {
    const wanted = page.filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
    first ||= wanted[0]?.seq ?? 0
    if (wanted.length > 0) yield wanted.map((row) => `${JSON.stringify({ type: 'entry', ...toAuditEntry(row) })}\n`).join('')
    seq = page.at(-1)?.seq ?? seq
  }
  const checkpoints = (await repository.checkpoints()).filter((checkpoint) => first > 0 && checkpoint.seq >= first)
  yield checkpoints.map((checkpoint) => `${JSON.stringify({ type: 'checkpoint', ...checkpoint })}\n`).join('')
}
