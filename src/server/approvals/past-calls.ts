import type { Kysely } from 'kysely'
import * as z from 'zod/mini'
import type { ProjectId, UserId } from '#protocol/ids'
import { DecidedBy } from '#protocol/session-events'
import type { Tables } from '../platform/schema.ts'
import type { PastCall } from '../policy/rule-replay.ts'

const MAX_CALLS = 500

const StoredCall = z.object({ toolName: z.string(), toolInput: z.record(z.string(), z.unknown()), cwd: z.string() })

/** The newest calls of a project that were decided, newest first: of one user, or of everybody. */
export async function* pastCalls(db: Kysely<Tables>, projectId: ProjectId, userId: UserId | null): AsyncGenerator<PastCall> {
  const query = db
    .selectFrom('approvals')
    .innerJoin('sessions', 'sessions.id', 'approvals.session_id')
    .select(['approvals.id', 'approvals.user_id', 'approvals.session_id', 'approvals.provider', 'sessions.mode'])
    .select(['approvals.created_at', 'approvals.status', 'approvals.resolved_by'])
    .where('approvals.project_id', '=', projectId)
    .where('approvals.status', '!=', 'pending')
    .orderBy('approvals.created_at', 'desc')
    .orderBy('approvals.id', 'desc')
    .limit(MAX_CALLS)
  const rows = await (userId === null ? query : query.where('approvals.user_id', '=', userId)).execute()
  for (const row of rows) {
    // One by one: a request may hold some hundred thousand characters.
    const stored = await db.selectFrom('approvals').select('request').where('id', '=', row.id).executeTakeFirst()
    const call = StoredCall.safeParse(JSON.parse(stored?.request ?? 'null'))
    if (!call.success) continue
    const isByPerson = row.resolved_by !== null && DecidedBy.parse(JSON.parse(row.resolved_by)).kind === 'user'
    yield {
      ...call.data,
      userId: row.user_id,
      sessionId: row.session_id,
      provider: row.provider,
      mode: row.mode,
      at: row.created_at,
      deniedByPerson: isByPerson && row.status === 'denied',
    }
  }
}
