import type { PolicyDecision, PolicyPreset, PolicyRule } from '#protocol/policy'
import type { CallFacts, CallUnit } from './call-facts.ts'
import type { CompiledRules, SpeakingRule } from './compiled-rules.ts'
import { fitsStrictly } from './path-pattern.ts'
import { coversUnit, type PreparedRule } from './rule-match.ts'

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
 * a call is allowed where a rule covers each part of it, or the preset lets that part be read.
 */
export async function evaluate(facts: CallFacts, options: EvaluateOptions): Promise<Evaluation> {
  const speaking = await options.rules.speaking(facts, options.now)
  for (const decision of ['deny', 'ask'] as const) {
    const meant = speaking.filter(({ rule }) => rule.decision === decision)
    const found = meant.find(({ coverage }) => coverage !== 'maybe') ?? meant[0]
    if (found) return { decision, rule: found.rule, explanation: explain(found) }
  }
  const { approvalKind } = facts.ask
  if (approvalKind === 'question' || approvalKind === 'plan')
    return { decision: 'ask', rule: null, explanation: 'Questions and plans are for a person.' }
  const allowing = speaking.filter(({ rule }) => rule.decision === 'allow' && !(options.preset === 'read-only' && isPersonal(rule)))
  if (allowing.length === 0) return byPreset(options.preset, facts, null)
  return byRules(allowing, facts, options)
}

/** What people allow themselves does not widen the preset that the installation's owner chose; what the owner allows does. */
function isPersonal({ scope }: PolicyRule): boolean {
  return scope.kind === 'session' || (scope.kind === 'project' && scope.userId !== undefined)
}

async function byRules(
  allowing: readonly SpeakingRule[],
  facts: CallFacts,
  { preset, areUnchanged }: EvaluateOptions,
): Promise<Evaluation> {
  if (facts.hasHidden) return byPreset(preset, facts, 'it contains hidden characters')
  const stale = await staleAmong(allowing, areUnchanged)
  const parts = facts.units.map((unit) => allowancePart(unit, facts, { allowing, stale }))
  const open = parts.find(({ by, unit }) => by === null && !unit.onlyReads)
  const first = parts.find(({ by }) => by !== null)?.by
  if (open || !first) return byPreset(preset, facts, open?.obstacle ?? null)
  return { decision: 'allow', rule: first.rule, explanation: explainParts(parts) }
}

async function staleAmong(allowing: readonly SpeakingRule[], areUnchanged: EvaluateOptions['areUnchanged']): Promise<Set<PolicyRule>> {
  const stale = new Set<PolicyRule>()
  for (const { rule } of allowing) {
    if (rule.match.exact !== undefined && !(await areUnchanged(rule.match.exact.files))) stale.add(rule)
  }
  return stale
}

/** A part of a call and the rule that allows it, or what keeps the rules that cover it from doing so. */
interface AllowancePart {
  unit: CallUnit
  by: SpeakingRule | null
  obstacle: string | null
}

interface Allowing {
  allowing: readonly SpeakingRule[]
  /** Exact rules of which a file has changed. */
  stale: ReadonlySet<PolicyRule>
}

function allowancePart(unit: CallUnit, facts: CallFacts, { allowing, stale }: Allowing): AllowancePart {
  let obstacle: string | null = null
  for (const by of allowing) {
    if (!coversUnit(by.prepared, unit, facts)) continue
    const found = obstacleTo(by.prepared, { unit, facts, isStale: stale.has(by.rule) })
    if (found === null) return { unit, by, obstacle: null }
    obstacle ??= found
  }
  return { unit, by: null, obstacle }
}

interface ObstacleQuestion {
  unit: CallUnit
  facts: CallFacts
  /** Whether a file of an exact rule has changed. */
  isStale: boolean
}

/** Why a rule that covers a part of the call does not allow it all the same; null where it does. */
function obstacleTo(prepared: PreparedRule, { unit, facts, isStale }: ObstacleQuestion): string | null {
  const { match } = prepared.rule
  if (match.exact !== undefined) return isStale ? 'a file that it names has changed since' : null
  return pathObstacle(prepared, unit, facts) ?? unit.obstacle ?? shapeObstacle(match, facts)
}

function pathObstacle({ rule, paths: patterns }: PreparedRule, unit: CallUnit, { folder }: CallFacts): string | null {
  const paths = folder === null ? unit.paths : [folder, ...unit.paths]
  const special = paths.find(({ fault }) => fault !== null)
  if (special?.fault) return `it ${special.fault}`
  const outside = paths.filter(({ isInside }) => !isInside)
  const isMeant = rule.match.paths !== undefined && outside.every((path) => patterns.some((pattern) => fitsStrictly(pattern, path)))
  return outside.length > 0 && !isMeant ? 'it leads outside the project' : null
}

function shapeObstacle({ domains, tools, command }: PolicyRule['match'], facts: CallFacts): string | null {
  if (domains !== undefined && tools === undefined) return 'a rule for sites must name its tools'
  if (facts.command !== null && command === undefined) return 'a rule for commands must name their shape'
  return null
}

/** @param obstacle why no rule allows it although one covers it, as a clause */
function byPreset(preset: PolicyPreset, facts: CallFacts, obstacle: string | null): Evaluation {
  if (facts.onlyReads) return { decision: 'allow', rule: null, explanation: `It only reads inside the project (preset "${preset}").` }
  if (preset === 'read-only') return { decision: 'deny', rule: null, explanation: 'The preset "read-only" lets nothing change or run.' }
  if (obstacle !== null) return { decision: 'ask', rule: null, explanation: `A rule covers it, but ${obstacle}, so a person decides.` }
  const { command } = facts
  const why = command?.understood.kind === 'unknown' ? ` The command ${command.understood.why}, so no rule can vouch for it.` : ''
  return { decision: 'ask', rule: null, explanation: `No rule covers it, so a person decides.${why}` }
}

const VERBS = { allow: 'allows', ask: 'asks about', deny: 'denies' } as const

function explain({ rule, coverage }: SpeakingRule, what = 'it'): string {
  const { reason, author, scope, decision } = rule
  const said = `A ${scope.kind} rule of ${author} ${VERBS[decision]} ${what}${reason === '' ? '' : `: ${reason}`}`
  if (coverage === 'maybe') return `${sentence(said)} What the call does cannot be told for sure, and it may be what the rule means.`
  return reason === '' || what !== 'it' ? sentence(said) : said
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** One sentence for each rule, and one for what is only read. */
function explainParts(allowed: readonly AllowancePart[]): string {
  const rules = [...new Set(allowed.flatMap(({ by }) => by ?? []))]
  const isAlone = rules.length === 1 && allowed.every(({ by }) => by !== null)
  const sentences = rules.map((speaking) => (isAlone ? explain(speaking) : explain(speaking, partsOf(allowed, speaking))))
  if (allowed.some(({ by }) => by === null)) sentences.push('The rest only reads inside the project.')
  return sentences.join(' ')
}

/** The programs that a rule allows, by name. */
function partsOf(allowed: readonly AllowancePart[], speaking: SpeakingRule): string {
  const names = allowed.flatMap(({ unit, by }) => (by === speaking ? [`"${unit.words?.[0] ?? ''}"`] : []))
  return `${[...new Set(names)].join(', ')} (rule ${speaking.rule.id})`
}
