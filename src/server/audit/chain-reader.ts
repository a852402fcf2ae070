import type { Kysely } from 'kysely'
import type { Tables } from '../platform/schema.ts'
import { AuditRepository, type AuditRow } from './audit-repository.ts'
import type { SegmentFiles } from './segment-file.ts'

/** Few enough that a server that reads its own log answers in between. */
const PAGE = 500

/**
 * The whole audit log in order, from the entry after a number on: out of the database, and out of the sealed segments
 * where entries were moved there, also while it is read. Where entries are missing, it goes on after the gap.
 * @throws SegmentFault
 */
export async function* chainPages(database: Kysely<Tables>, segments: SegmentFiles, after = 0): AsyncGenerator<AuditRow[]> {
  const repository = new AuditRepository(database)
  let seq = after
  for (;;) {
    const page = await repository.after(seq, PAGE)
    const [next] = page
    const segment = next?.seq === seq + 1 ? undefined : await repository.segmentWith(seq + 1)
    if (segment) yield* restOf(segments.read(segment), seq)
    else if (next) yield page
    else return
    seq = segment ? segment.last : lastOf(page, seq)
  }
}

async function* restOf(pages: AsyncIterable<AuditRow[]>, after: number): AsyncGenerator<AuditRow[]> {
  for await (const page of pages) {
    const rest = page.filter(({ seq }) => seq > after)
    if (rest.length > 0) yield rest
  }
}

function lastOf(page: readonly AuditRow[], seq: number): number {
  return page.at(-1)?.seq ?? seq
}
