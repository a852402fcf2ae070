import type { ApprovalPreview, ApprovalRequest, BoundFacts } from '#protocol/approvals'
import type { OfferedGrant, SessionGrant } from '../policy/session-grant.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import type { ApprovalPolicy, PolicyAnswer } from './approval-policy.ts'
import { previewOf } from './approval-preview.ts'
import type { ApprovalSubject } from './approval-subject.ts'
import { boundFactsOf, changeSince } from './bound-facts.ts'

export interface EvaluatedCall {
  answer: PolicyAnswer
  risk: ApprovalRequest['risk']
  offered: OfferedGrant[]
  bound: BoundFacts | null
  preview: ApprovalPreview | null
}

export interface EvaluatorDeps {
  policy: ApprovalPolicy
  /** The agents' `PATH`. */
  searchPath: string
}

/**
 * What the policy says of a call, and what the decision is bound to. A rule's yes is given for the state that is bound:
 * it is asked again after that was looked at, and a person decides where something changes meanwhile.
 */
export async function evaluateCall(
  { policy, searchPath }: EvaluatorDeps,
  { subject, ask, grants }: { subject: ApprovalSubject; ask: ApprovalAsk; grants: readonly SessionGrant[] },
): Promise<EvaluatedCall> {
  const { risk, offered } = policy.assess(ask, subject.cwd)
  const question = { ask, context: subject, grants, riskLevel: risk.level }
  const first = await policy.decide(question)
  if (first.isRoutine) return { answer: first, risk, offered, bound: null, preview: null }
  const [bound, preview] = await Promise.all([
    boundFactsOf({ ask, root: subject.cwd, commands: policy.commandsOf(ask), searchPath }),
    previewOf(ask),
  ])
  if (first.decision !== 'allow') return { answer: first, risk, offered, bound, preview }
  const again = await policy.decide(question)
  const change = again.decision === 'allow' ? await changeSince(bound) : null
  const answer: PolicyAnswer =
    change === null ? again : { decision: 'ask', rule: `${change} is changing`, isRoutine: false, isSkipped: false }
  return { answer, risk, offered, bound, preview }
}
