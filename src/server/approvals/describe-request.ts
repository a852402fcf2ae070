import { randomUUID } from 'node:crypto'
import type { ApprovalRequest, CallTargets } from '#protocol/approvals'
import { RequestId } from '#protocol/ids'
import { canonicalHash } from '../platform/canonical-json.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import type { ApprovalServiceDeps } from './approval-service-deps.ts'
import type { ApprovalSubject } from './approval-subject.ts'
import type { EvaluatedCall } from './evaluate-call.ts'

interface RequestFacts {
  risk: ApprovalRequest['risk']
  suggestions: ApprovalRequest['suggestions']
  preview: ApprovalRequest['preview'] | null
  bound: ApprovalRequest['bound'] | null
  targets: CallTargets | null
  now: Date
  /** Milliseconds; 0 waits as long as the session lives. */
  timeoutMs: number
}

/** The request of a call, which waits as long as its project says, or else the server. */
export async function describeCall(
  { clock, timeoutMs, projectTimeout }: Pick<ApprovalServiceDeps, 'clock' | 'timeoutMs' | 'projectTimeout'>,
  { subject, ask, call }: { subject: ApprovalSubject; ask: ApprovalAsk; call: EvaluatedCall },
): Promise<ApprovalRequest> {
  const seconds = call.answer.decision === 'ask' ? await projectTimeout(subject.projectId) : null
  return describeRequest(subject, ask, { ...call, now: clock.now(), timeoutMs: seconds === null ? timeoutMs : seconds * 1000 })
}

/** The one object that is shown, hashed and stored, and whose input runs. */
function describeRequest(subject: ApprovalSubject, ask: ApprovalAsk, facts: RequestFacts): ApprovalRequest {
  const { sessionId, projectId, provider } = subject
  const { now, timeoutMs, preview, bound, targets } = facts
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
    ...(targets && targets.hosts.length + targets.outside.length > 0 ? { targets } : {}),
    suggestions: facts.suggestions,
    canEditInput: subject.canEditInput,
  }
}
