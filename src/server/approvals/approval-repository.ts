import type { Insertable, Kysely, Selectable } from 'kysely'
import * as z from 'zod/mini'
import { ApprovalRequest } from '#protocol/approvals'
import type { RequestId, SessionId, UserId } from '#protocol/ids'
import type { AgentMode } from '#protocol/providers'
import { type ApprovalOutcome, DecidedBy } from '#protocol/session-events'
import type { ApprovalsTable, Tables } from '../platform/schema.ts'
import type { Remembered } from '../policy/rule-memory.ts'

const JsonObject = z.record(z.string(), z.unknown())

/** A request as stored. */
export interface StoredApproval {
  request: ApprovalRequest
  userId: UserId
  status: 'pending' | ApprovalOutcome
  resolution: { by: DecidedBy; at: string } | null
  reason: string | null
  updatedInput: Record<string, unknown> | null
  nextMode: AgentMode | null
}

export interface Resolution {
  outcome: ApprovalOutcome
  by: DecidedBy
  at: string
  reason?: string
  updatedInput?: Record<string, unknown>
  /** What is to be allowed from now on. */
  remembered?: Pick<Remembered, 'suggestion' | 'rememberFor'>
  nextMode?: AgentMode
}

/** All SQL of approval requests. */
export class ApprovalRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  /** A request that waits or, with a resolution, one that a rule decided at once. */
  async insert(userId: UserId, request: ApprovalRequest, resolution: Resolution | null): Promise<void> {
    const row: Insertable<ApprovalsTable> = {
      id: request.requestId,
      session_id: request.sessionId,
      user_id: userId,
      project_id: request.projectId,
      provider: request.provider,
      status: resolution?.outcome ?? 'pending',
      input_hash: request.inputHash,
      request: JSON.stringify(request),
      created_at: request.createdAt,
      expires_at: request.expiresAt,
      resolved_at: resolution?.at ?? null,
      resolved_by: resolution === null ? null : JSON.stringify(resolution.by),
      reason: resolution?.reason ?? null,
    }
    await this.#db.insertInto('approvals').values(row).execute()
  }

  async find(id: RequestId): Promise<StoredApproval | undefined> {
    const row = await this.#db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst()
    return row && this.#toStored(row)
  }

  async pendingOfUser(userId: UserId): Promise<StoredApproval[]> {
    const rows = await this.#db
      .selectFrom('approvals')
      .selectAll()
      .where('user_id', '=', userId)
      .where('status', '=', 'pending')
      .orderBy('created_at')
      .limit(500)
      .execute()
    return rows.map((row) => this.#toStored(row))
  }

  async pendingIds(sessionId?: SessionId): Promise<RequestId[]> {
    const query = this.#db.selectFrom('approvals').select('id').where('status', '=', 'pending')
    const rows = await (sessionId === undefined ? query : query.where('session_id', '=', sessionId)).execute()
    return rows.map((row) => row.id)
  }

  /** The compare-and-set that makes one decision count: false when the request is not pending any more. */
  async resolveIfPending(id: RequestId, resolution: Resolution): Promise<boolean> {
    const result = await this.#db
      .updateTable('approvals')
      .set({
        status: resolution.outcome,
        resolved_at: resolution.at,
        resolved_by: JSON.stringify(resolution.by),
        reason: resolution.reason ?? null,
        updated_input: resolution.updatedInput ? JSON.stringify(resolution.updatedInput) : null,
        next_mode: resolution.nextMode ?? null,
      })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** False when it is not pending any more, or its end is another by now. */
  async extendIfPending({ requestId, expiresAt: before }: ApprovalRequest, expiresAt: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('approvals')
      .set({ expires_at: expiresAt })
      .where('id', '=', requestId)
      .where('status', '=', 'pending')
      .where('expires_at', '=', before)
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  #toStored(row: Selectable<ApprovalsTable>): StoredApproval {
    return {
      // The end is all of a request that may change while it waits.
      request: { ...ApprovalRequest.parse(JSON.parse(row.request)), expiresAt: row.expires_at },
      userId: row.user_id,
      status: row.status,
      resolution:
        row.resolved_by === null || row.resolved_at === null
          ? null
          : { by: DecidedBy.parse(JSON.parse(row.resolved_by)), at: row.resolved_at },
      reason: row.reason,
      updatedInput: row.updated_input === null ? null : JsonObject.parse(JSON.parse(row.updated_input)),
      nextMode: row.next_mode,
    }
  }
}
