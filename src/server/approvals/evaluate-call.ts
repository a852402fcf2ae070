import type { ApprovalPreview, ApprovalRequest, ApprovalSuggestion, BoundFacts, CallTargets } from '#protocol/approvals'
import type { ApprovalAsk } from '../providers/provider.ts'
import type { ApprovalPolicy, PolicyAnswer } from './approval-policy.ts'
import { previewOf } from './approval-preview.ts'
import type { ApprovalSubject } from './approval-subject.ts'
import { boundFactsOf, changeSince } from './bound-facts.ts'

export interface EvaluatedCall {
  answer: PolicyAnswer
  risk: ApprovalRequest['risk']
  suggestions: ApprovalSuggestion[]
  bound: BoundFacts | null
  preview: ApprovalPreview | null
  /** Looked for where a person is asked. */
  targets: CallTargets | null
}

export interface EvaluatorDeps {
  policy: ApprovalPolicy
  /** The agents' `PATH`. */
  searchPath: string
}

/**
 * What the policy says of a call, and what the decision is bound to. A rule's yes is given for the state that is bound:
 * it is looked at before the rules are asked and once more after, and a person decides where something changed meanwhile.
 */
export async function evaluateCall(
  deps: EvaluatorDeps,
  { subject, ask }: { subject: ApprovalSubject; ask: ApprovalAsk },
): Promise<EvaluatedCall> {
  const { policy } = deps
  // Reading is frequent and bound to nothing, so that files are read for the rest alone.
  const early = policy.mayBeRoutine(ask) ? null : boundCall(deps, subject, ask)
  const [risk, known] = await Promise.all([policy.assess(ask, subject.cwd), early])
  const question = { ask, context: subject, riskLevel: risk.level }
  const first = await policy.decide(question)
  if (first.isRoutine) return { answer: first, risk, suggestions: [], bound: null, preview: null, targets: null }
  const { bound, preview } = known ?? (await boundCall(deps, subject, ask))
  const isAsked = async (answer: PolicyAnswer) => {
    const [suggestions, targets] = await Promise.all([policy.suggest(question), policy.targets(question)])
    return { answer, risk, suggestions, bound, preview, targets }
  }
  if (first.decision === 'ask') return isAsked(first)
  if (first.decision === 'deny') return { answer: first, risk, suggestions: [], bound, preview, targets: null }
  const settled = known === null ? await policy.decide(question) : first
  const change = settled.decision === 'allow' ? await changeSince(bound) : null
  const answer: PolicyAnswer =
    change === null ? settled : { decision: 'ask', rule: `${change} is changing`, isRoutine: false, isSkipped: false }
  return answer.decision === 'ask' ? isAsked(answer) : { answer, risk, suggestions: [], bound, preview, targets: null }
}

async function boundCall({ policy, searchPath }: EvaluatorDeps, subject: ApprovalSubject, ask: ApprovalAsk) {
  const [bound, preview] = await Promise.all([
    boundFactsOf({ ask, root: subject.cwd, commands: policy.commandsOf(ask), searchPath }),
    previewOf(ask),
  ])
  return { bound, preview }
}
