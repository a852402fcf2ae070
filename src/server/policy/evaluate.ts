import type { PolicyDecision, PolicyPreset, PolicyRule } from '#protocol/policy'
import type { CallFacts } from './call-facts.ts'
import type { CompiledRules } from './compiled-rules.ts'

/** What the policy says of a call, and why. */
export interface Evaluation {
  decision: PolicyDecision
  rule: PolicyRule | null
  explanation: string
}

export interface EvaluateOptions {
  preset: PolicyPreset
  rules: CompiledRules
  now: Date
  /** Whether the files of an exact rule are as they were. */
  areUnchanged: (files: NonNullable<PolicyRule['match']['exact']>['files']) => Promise<boolean>
}

/**
 * Deny beats ask beats allow, whatever the scope; without a rule the preset decides. What nobody understands is asked:
 * a rule allows only a call that it covers as a whole.
 */
export async function evaluate(facts: CallFacts, { preset, rules, now, areUnchanged }: EvaluateOptions): Promise<Evaluation> {
  const speaking = rules.speaking(facts, now)
  for (const decision of ['deny', 'ask'] as const) {
    const found = speaking.find(({ rule }) => rule.decision === decision)
    if (found) return { decision, rule: found.rule, explanation: explain(decision, found.rule) }
  }
  const { approvalKind } = facts.ask
  if (approvalKind === 'question' || approvalKind === 'plan')
    return { decision: 'ask', rule: null, explanation: 'Questions and plans are for a person.' }
  const covering = speaking.filter(({ rule, coverage }) => rule.decision === 'allow' && coverage === 'whole')
  for (const { rule } of covering) {
    if (preset === 'read-only' && isPersonal(rule)) continue
    const obstacle = await obstacleTo(rule, facts, areUnchanged)
    if (obstacle === null) return { decision: 'allow', rule, explanation: explain('allow', rule) }
  }
  return byPreset(preset, facts)
}

/** What people allow themselves does not widen the preset that the installation's owner chose; what the owner allows does. */
function isPersonal({ scope }: PolicyRule): boolean {
  return scope.kind === 'session' || (scope.kind === 'project' && scope.userId !== undefined)
}

/** Why a rule that covers the call does not allow it all the same; null where it does. */
async function obstacleTo(rule: PolicyRule, facts: CallFacts, areUnchanged: EvaluateOptions['areUnchanged']): Promise<string | null> {
  if (facts.hasHidden) return 'it contains hidden characters'
  const { exact } = rule.match
  if (exact !== undefined) return (await areUnchanged(exact.files)) ? null : 'a file that it names has changed since'
  return pathObstacle(rule, facts) ?? shapeObstacle(rule, facts)
}

function pathObstacle(rule: PolicyRule, facts: CallFacts): string | null {
  const special = facts.paths.find(({ fault }) => fault !== null)
  if (special?.fault) return `it ${special.fault}`
  const outside = facts.paths.some(({ isInside }) => !isInside)
  return outside && rule.match.paths === undefined ? 'it leads outside the project' : null
}

function shapeObstacle(rule: PolicyRule, facts: CallFacts): string | null {
  if (rule.match.domains !== undefined && rule.match.tools === undefined) return 'a rule for sites must name its tools'
  if (facts.command !== null && rule.match.command === undefined) return 'a rule for commands must name their shape'
  return null
}

function byPreset(preset: PolicyPreset, facts: CallFacts): Evaluation {
  if (facts.onlyReads) return { decision: 'allow', rule: null, explanation: `It only reads inside the project (preset "${preset}").` }
  if (preset === 'read-only') return { decision: 'deny', rule: null, explanation: 'The preset "read-only" lets nothing change or run.' }
  const { command } = facts
  const why = command?.understood.kind === 'unknown' ? ` The command ${command.understood.why}, so no rule can vouch for it.` : ''
  return { decision: 'ask', rule: null, explanation: `No rule covers it, so a person decides.${why}` }
}

function explain(decision: PolicyDecision, { reason, author, scope }: PolicyRule): string {
  const verb = { allow: 'allows', ask: 'asks about', deny: 'denies' }[decision]
  return `A ${scope.kind} rule of ${author} ${verb} it${reason === '' ? '.' : `: ${reason}`}`
}
