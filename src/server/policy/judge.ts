import type { PolicyDecision, PolicyPreset, PolicyRule } from '#protocol/policy'
import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { grantFor } from './session-allowance.ts'
import { factsOf } from './call-facts.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { skipsApproval } from './skip-mode.ts'
import { areUnchanged } from './unchanged-files.ts'

export interface Judgement {
  decision: PolicyDecision
  /** The rule that decided, where one did. */
  rule: PolicyRule | null
  /** One or two sentences for a person. */
  explanation: string
  /** Reading as the preset allows it. */
  isRoutine: boolean
  /** Allowed for nothing but that the session skips approvals. */
  isSkipped?: boolean
}

export interface JudgeOptions {
  preset: PolicyPreset
  rules: CompiledRules
  now: Date
  dataDirectory: string
}

/**
 * Deny and ask rules first; then what a person granted to the session and the session's mode, then allow rules and the
 * preset. A mode does not widen the preset "read-only", and nothing of high risk is allowed without a person.
 */
export async function judge(question: PolicyQuestion, { preset, rules, now, dataDirectory }: JudgeOptions): Promise<Judgement> {
  const { ask, context, riskLevel } = question
  const facts = await factsOf(ask, { ...context, dataDirectory })
  const said = await evaluate(facts, { preset, rules, now, areUnchanged })
  if (isFinal(said, ask)) return { ...said, isRoutine: false }
  if (said.decision === 'allow') return allowedBy(said, riskLevel, preset)
  const mayAccept = preset !== 'read-only' && !facts.hasHidden && facts.paths.every(({ fault }) => fault === null)
  const granted = riskLevel === 'high' ? null : await grantFor(question, mayAccept)
  if (granted !== null) return { decision: 'allow', rule: null, explanation: granted, isRoutine: false }
  const skipped = riskLevel === 'high' || preset === 'read-only' ? null : skipsApproval(facts)
  if (skipped === null) return { ...said, isRoutine: false }
  return { decision: 'allow', rule: null, explanation: skipped, isRoutine: false, isSkipped: true }
}

/** Whether neither a grant nor a mode changes it. */
function isFinal({ rule }: Evaluation, { approvalKind }: PolicyQuestion['ask']): boolean {
  return approvalKind === 'question' || approvalKind === 'plan' || (rule !== null && rule.decision !== 'allow')
}

function allowedBy(said: Evaluation, riskLevel: PolicyQuestion['riskLevel'], preset: PolicyPreset): Judgement {
  if (riskLevel !== 'high') return { ...said, isRoutine: said.rule === null }
  const decision = preset === 'read-only' ? 'deny' : 'ask'
  return { decision, rule: said.rule, explanation: 'It is of high risk, which no rule allows.', isRoutine: false }
}
