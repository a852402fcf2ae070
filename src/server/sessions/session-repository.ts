import { sql, type Insertable, type Kysely, type Selectable } from 'kysely'
import { type ClientId, MessageId, type ProjectId, type SessionId, type UserId } from '#protocol/ids'
import type { Session } from '#protocol/sessions'
import { Usage } from '#protocol/sessions'
import type { SessionsTable, Tables } from '../platform/schema.ts'
import type { SessionSummary } from './session-projection.ts'

/** With the name of whoever started it. */
export type SessionRow = Selectable<SessionsTable> & { username: string }

/** Whose sessions, where, in which order. */
export interface SessionFilter {
  /** Absent for everybody's. */
  userId?: UserId
  projectId?: ProjectId
  limit: number
  /** `updatedAt|id` of the last one of the page before. */
  before?: { updatedAt: string; id: string }
}

/** All SQL of sessions and of the prompts that were given to them. */
export class SessionRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async insert(row: Insertable<SessionsTable>): Promise<void> {
    await this.#db.insertInto('sessions').values(row).execute()
  }

  find(id: SessionId): Promise<SessionRow | undefined> {
    return this.#rows().where('sessions.id', '=', id).executeTakeFirst()
  }

  findByClientId(userId: UserId, clientId: ClientId): Promise<SessionRow | undefined> {
    return this.#rows().where('user_id', '=', userId).where('client_id', '=', clientId).executeTakeFirst()
  }

  /** Newest first. */
  list({ userId, projectId, limit, before }: SessionFilter): Promise<SessionRow[]> {
    let query = this.#rows()
    if (userId !== undefined) query = query.where('user_id', '=', userId)
    if (projectId !== undefined) query = query.where('project_id', '=', projectId)
    if (before) {
      query = query.where((is) =>
        is.or([
          is('updated_at', '<', before.updatedAt),
          is.and([is('updated_at', '=', before.updatedAt), is(sql<string>`sessions.id`, '<', before.id)]),
        ]),
      )
    }
    return query.orderBy('updated_at', 'desc').orderBy('sessions.id', 'desc').limit(limit).execute()
  }

  /** Those that an agent worked on, or was about to, when the server last ended. */
  listUnfinished(): Promise<SessionRow[]> {
    return this.#rows()
      .where((is) => is.or([is('owner', 'is not', null), is('state', 'not in', ['idle', 'exited', 'interrupted'])]))
      .execute()
  }

  /** Those that skip approvals. */
  listSkipping(): Promise<SessionRow[]> {
    return this.#rows().where('mode', '=', 'bypassPermissions').execute()
  }

  /** Whether a session skips approvals at that moment, and whoever it belongs to may let it. */
  async skips(id: SessionId, at: string): Promise<boolean> {
    const row = await this.#rows()
      .where('sessions.id', '=', id)
      .where('mode', '=', 'bypassPermissions')
      .where('mode_until', '>', at)
      .where('users.role', '=', 'owner')
      .where('users.disabled_at', 'is', null)
      .where('users.removed_at', 'is', null)
      .executeTakeFirst()
    return row !== undefined
  }

  async update(id: SessionId, change: Partial<Pick<SessionRow, 'owner' | 'model' | 'title' | 'native_id' | 'updated_at'>>): Promise<void> {
    await this.#db.updateTable('sessions').set(change).where('id', '=', id).execute()
  }

  /** Notes a prompt under its caller's id, unless it was noted before. */
  async notePrompt(sessionId: SessionId, clientId: ClientId, messageId: MessageId): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('prompts')
      .values({ session_id: sessionId, client_id: clientId, message_id: messageId, is_logged: 0 })
      .onConflict((conflict) => conflict.columns(['session_id', 'client_id']).doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }

  async findPrompt(sessionId: SessionId, clientId: ClientId): Promise<{ messageId: MessageId; isLogged: boolean } | undefined> {
    const row = await this.#db
      .selectFrom('prompts')
      .select(['message_id', 'is_logged'])
      .where('session_id', '=', sessionId)
      .where('client_id', '=', clientId)
      .executeTakeFirst()
    return row && { messageId: MessageId.parse(row.message_id), isLogged: row.is_logged === 1 }
  }

  async countPendingApprovals(ids: readonly SessionId[]): Promise<Map<SessionId, number>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#db
      .selectFrom('approvals')
      .select(['session_id', (count) => count.fn.countAll<number | string>().as('pending')])
      .where('session_id', 'in', ids)
      .where('status', '=', 'pending')
      .groupBy('session_id')
      .execute()
    return new Map(rows.map((row) => [row.session_id, Number(row.pending)]))
  }

  #rows() {
    return this.#db.selectFrom('sessions').innerJoin('users', 'users.id', 'sessions.user_id').selectAll('sessions').select('users.username')
  }
}

export function toSession(row: SessionRow, pendingApprovals: number): Session {
  return {
    id: row.id,
    provider: row.provider,
    projectId: row.project_id,
    startedBy: { id: row.user_id, username: row.username },
    title: row.title,
    state: row.state,
    mode: row.mode,
    modeUntil: row.mode_until,
    model: row.model,
    usage: row.usage === null ? null : Usage.parse(JSON.parse(row.usage)),
    lastSeq: row.last_seq,
    pendingApprovals,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function summaryOf(row: SessionRow): SessionSummary {
  return {
    state: row.state,
    mode: row.mode,
    modeUntil: row.mode_until,
    title: row.title,
    nativeId: row.native_id,
    usage: row.usage === null ? null : Usage.parse(JSON.parse(row.usage)),
  }
}
