import type { Kysely } from 'kysely'
import type { AuditLogEntry } from '#protocol/audit'
import type { Tables } from '../platform/schema.ts'
import { AuditRepository, type AuditRow } from './audit-repository.ts'
import { chainPages } from './chain-reader.ts'
import { Checkpoint } from './checkpoint.ts'
import type { SegmentFiles } from './segment-file.ts'

const PAGE = 500

export function toAuditEntry({ details, ...row }: AuditRow): AuditLogEntry {
  const parsed: unknown = JSON.parse(details)
  return { ...row, details: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {} }
}

/** An entry as a line of an export or a segment. */
export function entryLine(row: AuditRow): string {
  return `${JSON.stringify({ type: 'entry', ...toAuditEntry(row) })}\n`
}

/** Which entries to export; both ends are ISO 8601, `to` is exclusive. */
export interface ExportRange {
  from?: string | undefined
  to?: string | undefined
}

/**
 * The log as JSON Lines: one `{"type":"entry",…}` a line in order, then one `{"type":"checkpoint",…}` for each checkpoint
 * that vouches for one of them, so that the file can be verified with the public key alone. A range is cut out of the
 * chain in one piece: what lies in it by number is in it, also where the clock was put back in between.
 */
export async function* exportEntries(database: Kysely<Tables>, range: ExportRange): AsyncGenerator<string> {
  const repository = new AuditRepository(database)
  const ends = await repository.ends(range)
  if (ends === null) return
  let seq = ends.first - 1
  while (seq < ends.last) {
    const page = await repository.after(seq, Math.min(PAGE, ends.last - seq))
    if (page.length === 0) break
    yield page.map(entryLine).join('')
    seq = page.at(-1)?.seq ?? ends.last
  }
  const checkpoints = (await repository.checkpoints()).filter((checkpoint) => checkpoint.seq >= ends.first && checkpoint.seq <= ends.last)
  yield checkpoints.map((checkpoint) => `${JSON.stringify({ type: 'checkpoint', ...checkpoint })}\n`).join('')
}

/** All of the log, what lies in sealed segments too, and every checkpoint that is kept. @throws SegmentFault */
export async function* exportAll(database: Kysely<Tables>, segments: SegmentFiles): AsyncGenerator<string> {
  for await (const page of chainPages(database, segments)) yield page.map(entryLine).join('')
  const repository = new AuditRepository(database)
  const sealed = (await repository.segments()).map(({ checkpoint }) => Checkpoint.parse(JSON.parse(checkpoint)))
  const bySeq = new Map([...sealed, ...(await repository.checkpoints())].map((checkpoint) => [checkpoint.seq, checkpoint]))
  const inOrder = [...bySeq.values()].sort((one, other) => one.seq - other.seq)
  yield inOrder.map((checkpoint) => `${JSON.stringify({ type: 'checkpoint', ...checkpoint })}\n`).join('')
}
