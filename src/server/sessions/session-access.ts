import type { ProjectId, SessionId } from '#protocol/ids'
import type { Page } from '#protocol/lists'
import type { SequencedEvent } from '#protocol/session-events'
import type { Session } from '#protocol/sessions'
import type { Principal } from '../http/principal.ts'
import { readsAll, refusalOfAnothers } from '../http/reach.ts'
import { asHidden } from '../http/refusal.ts'
import { SessionNotFoundError } from './session-errors.ts'
import type { SessionLog } from './session-log.ts'
import { type SessionRepository, type SessionRow, toSession } from './session-repository.ts'

/** Where in a list of sessions. */
export interface SessionListQuery {
  projectId?: ProjectId
  limit: number
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
}

/** Who reaches which session: owners and viewers read all, everybody acts in their own alone. All reading goes through here. */
export class SessionAccess {
  readonly #sessions: SessionRepository
  readonly #log: SessionLog

  constructor(sessions: SessionRepository, log: SessionLog) {
    this.#sessions = sessions
    this.#log = log
  }

  /** A session to act in. @throws SessionNotFoundError | ForbiddenError for another user's that the principal may read */
  async own(sessionId: SessionId, principal: Principal): Promise<SessionRow> {
    const row = await this.#sessions.find(sessionId)
    if (!row) throw new SessionNotFoundError()
    if (row.user_id !== principal.user.id) throw refusalOfAnothers(principal, 'This session', new SessionNotFoundError())
    return row
  }

  /** A session to look at. @throws SessionNotFoundError also for one that the principal may not read */
  async readable(sessionId: SessionId, principal: Principal): Promise<SessionRow> {
    const row = await this.#sessions.find(sessionId)
    if (!row) throw new SessionNotFoundError()
    if (row.user_id !== principal.user.id && !readsAll(principal)) throw asHidden(new SessionNotFoundError())
    return row
  }

  /** @throws SessionNotFoundError */
  async get(sessionId: SessionId, principal: Principal): Promise<Session> {
    return this.describe(await this.readable(sessionId, principal))
  }

  /** The sessions that the principal may read, newest first. */
  async list(principal: Principal, { projectId, limit, cursor }: SessionListQuery): Promise<Page<Session>> {
    const [updatedAt, id] = cursor?.split('|') ?? []
    const rows = await this.#sessions.list({
      ...(readsAll(principal) ? {} : { userId: principal.user.id }),
      ...(projectId === undefined ? {} : { projectId }),
      limit: limit + 1,
      ...(updatedAt !== undefined && id !== undefined ? { before: { updatedAt, id } } : {}),
    })
    const page = rows.slice(0, limit)
    const pending = await this.#sessions.countPendingApprovals(page.map((row) => row.id))
    const last = page.at(-1)
    return {
      items: page.map((row) => toSession(row, pending.get(row.id) ?? 0)),
      nextCursor: rows.length > limit && last ? `${last.updated_at}|${last.id}` : null,
    }
  }

  /** @throws SessionNotFoundError */
  async events(
    sessionId: SessionId,
    principal: Principal,
    { after, limit }: { after: number; limit: number },
  ): Promise<Page<SequencedEvent>> {
    const { last_seq: lastSeq } = await this.readable(sessionId, principal)
    const items = await this.#log.read(sessionId, after, limit)
    const last = items.at(-1)
    return { items, nextCursor: last && last.seq < lastSeq ? String(last.seq) : null }
  }

  /** A row as the API tells it. */
  async describe(row: SessionRow): Promise<Session> {
    const pending = await this.#sessions.countPendingApprovals([row.id])
    return toSession(row, pending.get(row.id) ?? 0)
  }
}
