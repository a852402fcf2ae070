import { type Kysely, sql, type SqlBool } from 'kysely'
import { ApprovalRequest, type DecidedApproval, type DecidedQuery } from '#protocol/approvals'
import type { Page } from '#protocol/lists'
import { ApprovalOutcome, DecidedBy } from '#protocol/session-events'
import type { Principal } from '../http/principal.ts'
import { readsAll } from '../http/reach.ts'
import type { Tables } from '../platform/schema.ts'

/** So many are looked through at once for what no index finds: the next page goes on from there. */
const LOOKED_THROUGH = 2000
const MAX_TITLE = 300

/** The decisions that somebody may read, newest first. A page may be short, or empty, while there are more. */
export async function decidedApprovals(db: Kysely<Tables>, query: DecidedQuery, principal: Principal): Promise<Page<DecidedApproval>> {
  const { limit } = query
  const candidates = inReach(db, query, principal)
  const [rows, end] = await Promise.all([
    db
      .selectFrom(candidates.limit(LOOKED_THROUGH).as('candidates'))
      .selectAll()
      .where(fits(query))
      .orderBy('resolved_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
    candidates
      .limit(1)
      .offset(LOOKED_THROUGH - 1)
      .executeTakeFirst(),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : end
  return { items: page.map(toDecided), nextCursor: last ? `${last.resolved_at ?? ''}|${last.id}` : null }
}

type Row = Awaited<ReturnType<ReturnType<typeof inReach>['execute']>>[number]

/** By the columns alone, without a look into what was asked. */
function inReach(db: Kysely<Tables>, { project, outcome, cursor }: DecidedQuery, principal: Principal) {
  const [at, id] = cursor?.split('|') ?? []
  return db
    .selectFrom('approvals')
    .innerJoin('users', 'users.id', 'approvals.user_id')
    .select(['approvals.id', 'users.username', 'approvals.request', 'approvals.status', 'approvals.resolved_at'])
    .select(['approvals.resolved_by', 'approvals.reason', 'approvals.updated_input'])
    .where('approvals.resolved_at', 'is not', null)
    .$if(!readsAll(principal), (own) => own.where('approvals.user_id', '=', principal.user.id))
    .$if(project !== undefined, (of) => of.where('approvals.project_id', '=', project ?? null))
    .$if(outcome !== undefined, (ended) => ended.where('approvals.status', '=', outcome ?? null))
    .$if(at !== undefined && id !== undefined, (older) => older.where(sql<SqlBool>`(resolved_at, approvals.id) < (${at}, ${id})`))
    .orderBy('approvals.resolved_at', 'desc')
    .orderBy('approvals.id', 'desc')
}

function fits({ by, text }: DecidedQuery) {
  const isBy = by === undefined ? sql`1` : sql`json_extract(resolved_by, '$.kind') = ${by}`
  const wanted = text?.trim().toLowerCase() ?? ''
  if (wanted === '') return sql<SqlBool>`${isBy}`
  // As it stands in JSON: with quotes and line breaks escaped.
  const written = JSON.stringify(wanted).slice(1, -1)
  const asked = sql`coalesce(request ->> '$.toolName', '') || ' ' || coalesce(request -> '$.toolInput', '')`
  const decided = sql`coalesce(resolved_by ->> '$.name', '')`
  return sql<SqlBool>`${isBy} and (instr(lower(${asked}), ${written}) > 0 or instr(lower(${decided}), ${wanted}) > 0)`
}

function toDecided({
  username,
  request: json,
  status,
  resolved_at: at,
  resolved_by: by,
  reason,
  updated_input: edit,
}: Row): DecidedApproval {
  const request = ApprovalRequest.parse(JSON.parse(json))
  const { requestId, sessionId, projectId, provider, approvalKind, toolName, risk, createdAt } = request
  return {
    requestId,
    sessionId,
    projectId,
    provider,
    owner: username,
    approvalKind,
    toolName,
    title: titleOf(request),
    risk: risk.level,
    createdAt,
    outcome: ApprovalOutcome.parse(status),
    by: DecidedBy.parse(JSON.parse(by ?? 'null')),
    at: at ?? createdAt,
    reason,
    edited: edit !== null,
  }
}

function titleOf({ preview, toolInput }: ApprovalRequest): string {
  const whole = preview === undefined ? namedIn(toolInput) : textOf(preview)
  return whole.length > MAX_TITLE ? `${whole.slice(0, MAX_TITLE)}…` : whole
}

function textOf(preview: NonNullable<ApprovalRequest['preview']>): string {
  switch (preview.kind) {
    case 'command':
      return preview.command
    case 'edit':
      return preview.path
    case 'url':
      return preview.url
  }
}

/** What a call is about where nothing was worked out about it: its first text. */
function namedIn(toolInput: unknown): string {
  if (typeof toolInput !== 'object' || toolInput === null) return ''
  return Object.values(toolInput).find((value): value is string => typeof value === 'string') ?? ''
}
