import { randomUUID } from 'node:crypto'
import type { ApprovalRequest } from '#protocol/approvals'
import { RequestId } from '#protocol/ids'
import { canonicalHash } from '../platform/canonical-json.ts'
import type { OfferedGrant } from '../policy/session-grant.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import type { ApprovalSubject } from './approval-subject.ts'

export interface RequestFacts {
  risk: ApprovalRequest['risk']
  offered: readonly OfferedGrant[]
  preview: ApprovalRequest['preview'] | null
  bound: ApprovalRequest['bound'] | null
  now: Date
  /** Milliseconds; 0 waits as long as the session lives. */
  timeoutMs: number
}

/** The one object that is shown, hashed and stored, and whose input runs. */
export function describeRequest(subject: ApprovalSubject, ask: ApprovalAsk, facts: RequestFacts): ApprovalRequest {
  const { sessionId, projectId, provider } = subject
  const { now, timeoutMs, preview, bound } = facts
  const cwd = ask.cwd ?? subject.cwd
  return {
    requestId: RequestId.parse(randomUUID()),
    sessionId,
    provider,
    projectId,
    approvalKind: ask.approvalKind,
    toolName: ask.toolName,
    toolInput: ask.toolInput,
    inputHash: canonicalHash({ tool: ask.toolName, input: ask.toolInput, session: sessionId, cwd }),
    ...(ask.toolCallId ? { toolCallId: ask.toolCallId } : {}),
    ...(ask.agentId ? { agentId: ask.agentId } : {}),
    cwd,
    ...(ask.description ? { description: ask.description } : {}),
    createdAt: now.toISOString(),
    expiresAt: timeoutMs === 0 ? null : new Date(now.getTime() + timeoutMs).toISOString(),
    risk: facts.risk,
    ...(preview ? { preview } : {}),
    ...(bound ? { bound } : {}),
    suggestions: facts.offered.map(({ suggestion }) => suggestion),
    canEditInput: subject.canEditInput,
  }
}
