import type { PolicyDecision, PolicyPreset, PolicyRule } from '#protocol/policy'
import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { type CallFacts, factsOf } from './call-facts.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { acceptedByMode } from './mode-allowance.ts'
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
  /** Whether the files of an exact rule are as they were. */
  areUnchanged?: typeof areUnchanged
}

/**
 * Deny and ask rules first, then allow rules and what the preset lets be read, then the session's mode. A mode does not widen the preset "read-only", and nothing of high risk is allowed without a person.
 */
export async function judge(question: PolicyQuestion, options: JudgeOptions): Promise<Judgement> {
  const { ask, context, riskLevel } = question
  const { preset, rules, now, dataDirectory } = options
  const facts = await factsOf(ask, { ...context, dataDirectory })
  const said = await evaluate(facts, { preset, rules, now, areUnchanged: options.areUnchanged ?? areUnchanged })
  if (isFinal(said, ask)) return { ...said, isRoutine: false }
  if (said.decision === 'allow') return allowedBy(said, riskLevel, preset)
  return preset === 'read-only' ? { ...said, isRoutine: false } : allowedByMode(question, facts, said)
}

/** What the session's mode lets pass of what would be asked. */
async function allowedByMode(question: PolicyQuestion, facts: CallFacts, said: Evaluation): Promise<Judgement> {
  const mayAccept = !facts.hasHidden && facts.paths.every(({ fault }) => fault === null)
  const accepted = mayAccept ? await acceptedByMode(question) : null
  if (accepted !== null) return { decision: 'allow', rule: null, explanation: accepted, isRoutine: false }
  const skipped = question.riskLevel === 'high' ? null : skipsApproval(facts)
  if (skipped === null) return { ...said, isRoutine: false }
  return { decision: 'allow', rule: null, explanation: skipped, isRoutine: false, isSkipped: true }
}

/** Whether no mode changes it. */
function isFinal({ rule }: Evaluation, { approvalKind }: PolicyQuestion['ask']): boolean {
  return approvalKind === 'question' || approvalKind === 'plan' || (rule !== null && rule.decision !== 'allow')
}

function allowedBy(said: Evaluation, riskLevel: PolicyQuestion['riskLevel'], preset: PolicyPreset): Judgement {
  if (riskLevel !== 'high') return { ...said, isRoutine: said.rule === null }
  const decision = preset === 'read-only' ? 'deny' : 'ask'
  return { decision, rule: said.rule, explanation: 'It is of high risk, which no rule allows.', isRoutine: false }
}
