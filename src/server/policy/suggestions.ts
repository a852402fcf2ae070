import type { ApprovalSuggestion } from '#protocol/approvals'
import { RuleId } from '#protocol/ids'
import type { PolicyPreset, PolicyRule } from '#protocol/policy'
import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { type CallFacts, factsOf } from './call-facts.ts'
import { faultsOf } from './check-rules.ts'
import { type CompiledRules, compileRules } from './compiled-rules.ts'
import { evaluate } from './evaluate.ts'
import { type OfferedRule, offersFor } from './suggested-rules.ts'

const MAX_SUGGESTIONS = 3
const TRIAL = RuleId.parse('rul_trial')

export interface SuggestOptions {
  preset: PolicyPreset
  rules: CompiledRules
  now: Date
  dataDirectory: string
}

/**
 * What a person may allow from now on together with a call, the narrowest first, at most three. Nothing for a call that
 * is asked anew each time: a question, one of high risk, one that a rule wants asked, and everything under `read-only`.
 * Each suggestion allows the call that it comes with, and is one that may be saved.
 */
export async function suggest({ ask, context, riskLevel }: PolicyQuestion, options: SuggestOptions): Promise<ApprovalSuggestion[]> {
  const { approvalKind } = ask
  if (approvalKind === 'plan') return [acceptEdits('Approve and accept edits', context.cwd)]
  if (approvalKind === 'question' || riskLevel === 'high' || options.preset === 'read-only') return []
  const facts = await factsOf(ask, { ...context, dataDirectory: options.dataDirectory })
  const speaking = await options.rules.speaking(facts, options.now)
  if (speaking.some(({ rule }) => rule.decision !== 'allow')) return []
  const suggestions: ApprovalSuggestion[] = []
  for (const offer of await offersFor(facts)) if (await allows(offer, facts, options.now)) suggestions.push(offer)
  if (approvalKind === 'edit') suggestions.push(acceptEdits('Accept all edits in this project', context.cwd))
  return suggestions.slice(0, MAX_SUGGESTIONS)
}

/** Whether the rule may be saved and, on its own, allows the very call that it is offered with. */
async function allows({ draft }: OfferedRule, facts: CallFacts, now: Date): Promise<boolean> {
  if (faultsOf([draft], now).length > 0) return false
  const { decision, scope, match, reason, expiresAt } = draft
  const rule: PolicyRule = { id: TRIAL, decision, scope, match, reason, expiresAt, author: '', createdAt: now.toISOString() }
  // Whether its files are as they were is asked when it is used; they have only just been read.
  const verdict = await evaluate(facts, { preset: 'careful', rules: compileRules([rule]), now, areUnchanged: () => Promise.resolve(true) })
  return verdict.decision === 'allow' && verdict.rule?.id === TRIAL
}

function acceptEdits(label: string, cwd: string): ApprovalSuggestion {
  return {
    id: 'mode:acceptEdits',
    label,
    rule: `Edit: every file under ${cwd}`,
    sentence: `Allows every ordinary edit of a file under ${cwd}, as long as the session stays in the mode that accepts edits.`,
    lifetimes: ['session'],
    mode: 'acceptEdits',
  }
}
