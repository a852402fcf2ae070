import type { ApprovalDecision, ApprovalRequest, ApprovalSuggestion } from '#protocol/approvals'
import type { EventOf } from '#protocol/session-events'
import { ForbiddenError, type Principal } from '../http/principal.ts'
import { canonicalHash } from '../platform/canonical-json.ts'
import type { ApprovalAsk, ApprovalVerdict } from '../providers/provider.ts'
import { EditRefusedError, GrantUnknownError } from './approval-errors.ts'
import type { Resolution, StoredApproval } from './approval-repository.ts'
import { checkEdit } from './edited-input.ts'

const DENIED = 'The user denied this. Do not try it another way; ask what to do instead.'
const TIMED_OUT = 'Nobody decided in time, so this was denied. If it is still needed, say so and ask again.'
const CANCELLED = 'The request was cancelled before anybody decided.'

/**
 * What an answer makes of a request.
 * @throws EditRefusedError | GrantUnknownError | ForbiddenError
 */
export function outcomeOf(
  { request }: StoredApproval,
  decision: ApprovalDecision,
  { scopes }: Pick<Principal, 'scopes'>,
): Omit<Resolution, 'by' | 'at'> {
  const { allow, reason, updatedInput, rememberFor = 'session' } = decision
  if (!allow) return { outcome: 'denied', ...(reason ? { reason } : {}) }
  const edit = updatedInput ? { updatedInput: checkEdit(request, updatedInput) } : {}
  const suggestion = suggestionChosen(request, decision)
  if (suggestion === null) return { outcome: 'allowed', ...edit }
  if (!suggestion.lifetimes.includes(rememberFor)) throw new GrantUnknownError('rememberFor')
  if (!scopes.has('approve')) throw new ForbiddenError('To have a decision remembered you need the right to approve.')
  if (suggestion.mode) return { outcome: 'allowed', ...edit, nextMode: suggestion.mode }
  // What was offered is the agent's own call: whoever changed it does not mean that one from now on.
  if (updatedInput) throw new EditRefusedError('A call that was changed can be allowed once only. Allow it without having it remembered.')
  return { outcome: 'allowed', remembered: { suggestion, rememberFor } }
}

/**
 * What an answer's `remember` names, null for nothing.
 * @throws GrantUnknownError
 */
function suggestionChosen({ suggestions }: ApprovalRequest, { remember }: ApprovalDecision): ApprovalSuggestion | null {
  if (remember === undefined || remember === false) return null
  const isNarrowest = remember === true || remember === 'session'
  const chosen = isNarrowest ? suggestions[0] : suggestions.find(({ id }) => id === remember)
  if (!chosen) throw new GrantUnknownError('remember')
  return chosen
}

/** For somebody who may not decide: what could be remembered is theirs to see, for no time at all. */
export function withoutRemembering(request: ApprovalRequest): ApprovalRequest {
  return { ...request, suggestions: request.suggestions.map((suggestion) => ({ ...suggestion, lifetimes: [] })) }
}

export function requestedEvent(request: ApprovalRequest, ask: ApprovalAsk): EventOf<'approval.requested'> {
  return {
    v: 1,
    kind: 'approval.requested',
    approvalId: request.requestId,
    ...(request.toolCallId ? { toolCallId: request.toolCallId } : {}),
    ...(request.agentId ? { agentId: request.agentId } : {}),
    approvalKind: request.approvalKind,
    title: ask.title,
    ...(ask.reason ? { reason: ask.reason } : {}),
    toolName: request.toolName,
    input: request.toolInput,
    inputHash: request.inputHash,
    expiresAt: request.expiresAt,
  }
}

export function resolvedEvent(request: ApprovalRequest, { outcome, by, reason, updatedInput }: Resolution): EventOf<'approval.resolved'> {
  return {
    v: 1,
    kind: 'approval.resolved',
    approvalId: request.requestId,
    ...(request.toolCallId ? { toolCallId: request.toolCallId } : {}),
    outcome,
    by,
    ...(reason ? { message: reason } : {}),
    ...(updatedInput ? { updatedInput, editedInputHash: editedHash(request, updatedInput) } : {}),
  }
}

/** The hash of what runs after a person edited it, made as that of the request. */
function editedHash({ toolName, sessionId, cwd }: ApprovalRequest, input: Record<string, unknown>): string {
  return canonicalHash({ tool: toolName, input, session: sessionId, cwd })
}

/** How a stored request ended; null while it waits. */
export function endOf({ status, resolution, reason, updatedInput }: StoredApproval): Resolution | null {
  if (status === 'pending' || resolution === null) return null
  return { outcome: status, ...resolution, ...(reason === null ? {} : { reason }), ...(updatedInput === null ? {} : { updatedInput }) }
}

/** What every audit entry of a request says; `toolCallId` ties it to the entry of what the tool then did. */
export function auditSubject({ sessionId, toolName, toolCallId, inputHash }: ApprovalRequest): Record<string, unknown> {
  return { sessionId, toolName, inputHash, ...(toolCallId ? { toolCallId } : {}) }
}

export function auditDetails(request: ApprovalRequest, { at, updatedInput, remembered, nextMode }: Resolution): Record<string, unknown> {
  return {
    ...auditSubject(request),
    latencyMs: Math.max(0, Date.parse(at) - Date.parse(request.createdAt)),
    ...(updatedInput ? { editedInputHash: editedHash(request, updatedInput) } : {}),
    ...(remembered ? { remembered: remembered.suggestion.rule, for: remembered.rememberFor } : {}),
    ...(nextMode ? { nextMode } : {}),
  }
}

/** What the agent is told, from the stored decision alone. */
export function verdictOf({ request, status, resolution, reason, updatedInput, nextMode }: StoredApproval): ApprovalVerdict {
  switch (status) {
    case 'allowed':
      return {
        outcome: 'allowed',
        input: updatedInput ?? inputOf(request),
        edited: updatedInput !== null,
        ...(nextMode ? { nextMode } : {}),
      }
    case 'denied':
      return { outcome: 'denied', message: denialOf(resolution, reason) }
    case 'timed-out':
      return { outcome: 'timed-out', message: TIMED_OUT }
    case 'cancelled':
    case 'pending':
      return { outcome: 'cancelled', message: CANCELLED }
  }
}

function denialOf(resolution: StoredApproval['resolution'], reason: string | null): string {
  if (resolution?.by.kind === 'rule') return `A rule denied this: ${resolution.by.name}. Do not try it another way; ask what to do instead.`
  if (resolution?.by.kind === 'system') return `This was denied (${resolution.by.name}). Stop, and wait for the user.`
  return reason === null ? DENIED : `The user denied this and says: ${reason}`
}

function inputOf({ toolInput }: ApprovalRequest): Record<string, unknown> {
  return typeof toolInput === 'object' && toolInput !== null ? { ...toolInput } : {}
}
