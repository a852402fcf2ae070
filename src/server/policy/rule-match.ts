import type { PolicyRule } from '#protocol/policy'
import { type DomainPattern, fitsDomain, fitsHost, readDomain } from './call-domains.ts'
import type { CallFacts, CallUnit } from './call-facts.ts'
import { type CommandShape, fitsWords, mayRun, readShape } from './command-shape.ts'
import { fitsLoosely, fitsStrictly, type PathPattern, readPath } from './path-pattern.ts'
import { ANYTHING } from './shell/possible-paths.ts'
import { whyTooBroad } from './shell/risky-programs.ts'

/**
 * How a rule speaks of a call. `whole`: of all of it. `part`: of some of it, which is enough to ask or deny; a rule that
 * allows needs others beside it. `maybe`: of what the call may be, for a rule that asks or denies. `none`: not at all.
 */
export type Coverage = 'whole' | 'part' | 'maybe' | 'none'

/** A rule whose patterns were read once. */
export interface PreparedRule {
  rule: PolicyRule
  /** Milliseconds of the epoch; infinite for good. */
  endsAt: number
  shape: CommandShape | null
  paths: readonly PathPattern[]
  domains: readonly DomainPattern[]
}

export function prepareRule(rule: PolicyRule): PreparedRule {
  const { match, expiresAt } = rule
  return {
    rule,
    endsAt: expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
    shape: match.command === undefined ? null : readShape(match.command),
    paths: (match.paths ?? []).map(readPath),
    domains: (match.domains ?? []).map(readDomain),
  }
}

/** All of a call's context that decides where a rule holds. */
type RuleContext = Pick<CallFacts['context'], 'userId' | 'projectId' | 'sessionId' | 'provider' | 'mode'>

/** Whether the rule holds here and now, whatever the call is. */
export function holds({ rule: { scope, match }, endsAt }: PreparedRule, context: RuleContext, now: Date): boolean {
  return isIn(scope, context) && isMeant(match, context) && endsAt > now.getTime()
}

function isMeant({ provider, modes }: PolicyRule['match'], context: RuleContext): boolean {
  return (provider === undefined || provider === context.provider) && (modes === undefined || modes.includes(context.mode))
}

function isIn(scope: PolicyRule['scope'], context: RuleContext): boolean {
  if (scope.kind === 'global') return true
  if (scope.userId !== undefined && scope.userId !== context.userId) return false
  if (scope.kind === 'project') return scope.projectId === context.projectId
  return scope.kind === 'user' || scope.sessionId === context.sessionId
}

/** How the rule speaks of the call. A match without any condition speaks of nothing. */
export function coverageOf(prepared: PreparedRule, facts: CallFacts): Coverage {
  if (prepared.rule.decision !== 'allow') return speaksOf(prepared, facts)
  const covered = facts.units.filter((unit) => coversUnit(prepared, unit, facts)).length
  if (covered === 0) return 'none'
  return covered === facts.units.length ? 'whole' : 'part'
}

/** For allowing: whether a part of the call is for sure what the rule means, by every condition of it. */
export function coversUnit({ rule: { match }, shape, paths, domains }: PreparedRule, unit: CallUnit, facts: CallFacts): boolean {
  const { tools, exact } = match
  const conditions = [
    tools && (() => fitsTools(tools, facts.ask.toolName, true)),
    exact && (() => exact.callHash === facts.callHash),
    shape && (() => unit.words !== null && fitsWords(shape, unit.words) && !(shape.isBroad && isTooBroad(unit.words))),
    match.paths && (() => unit.paths.length > 0 && unit.paths.every((path) => paths.some((pattern) => fitsStrictly(pattern, path)))),
    match.domains && (() => facts.domains.length > 0 && facts.domains.every((site) => domains.some((each) => fitsDomain(each, site)))),
  ].filter((condition) => typeof condition === 'function')
  return conditions.length > 0 && conditions.every((condition) => condition())
}

/** For asking and denying: whether any of the call is, or may be, what the rule means. */
function speaksOf({ rule: { match }, shape, paths, domains }: PreparedRule, facts: CallFacts): Coverage {
  const { tools, exact } = match
  const conditions = [
    tools && (() => wholeIf(fitsTools(tools, facts.ask.toolName))),
    exact && (() => wholeIf(exact.callHash === facts.callHash)),
    shape && (() => commandCoverage(shape, facts)),
    match.paths && (() => pathCoverage(paths, facts)),
    match.domains && (() => hostCoverage(domains, facts)),
  ].filter((condition) => typeof condition === 'function')
  return conditions.length === 0 ? 'none' : weakest(conditions)
}

/** What every condition can say together. The later ones are not looked at once one says nothing. */
function weakest(conditions: readonly (() => Coverage)[]): Coverage {
  let coverage: Coverage = 'whole'
  for (const condition of conditions) {
    const found = condition()
    if (found === 'none') return 'none'
    if (coverage !== 'maybe' && found !== 'whole') coverage = found
  }
  return coverage
}

function hostCoverage(patterns: readonly DomainPattern[], facts: CallFacts): Coverage {
  const hosts = [...facts.hosts()]
  return patterns.some((pattern) => hosts.some((host) => fitsHost(pattern, host))) ? 'part' : 'none'
}

function wholeIf(covers: boolean): Coverage {
  return covers ? 'whole' : 'none'
}

/**
 * Whether one of the patterns means the tool: `*`, a name, or `mcp__server__*`; a wildcard anywhere else is a character.
 * @param isStrict whether what may be another server's is none: `mcp__a__b__x` may be the server `a__b`
 */
export function fitsTools(patterns: readonly string[], tool: string, isStrict = false): boolean {
  return patterns.some(
    (pattern) => pattern === '*' || pattern === tool || (isServer(pattern) && fitsServer(pattern.slice(0, -1), tool, isStrict)),
  )
}

function isServer(pattern: string): boolean {
  return pattern.endsWith('__*') && /^mcp__.+__\*$/.test(pattern)
}

function fitsServer(beginning: string, tool: string, isStrict: boolean): boolean {
  return tool.startsWith(beginning) && !(isStrict && tool.includes('__', beginning.length - 1))
}

function commandCoverage(shape: CommandShape, { command }: CallFacts): Coverage {
  const found = command === null ? null : mayRun(shape, command.possible())
  return found === null ? 'none' : found === 'surely' ? 'part' : 'maybe'
}

function pathCoverage(patterns: readonly PathPattern[], { paths }: CallFacts): Coverage {
  if (paths.some((path) => patterns.some((pattern) => fitsLoosely(pattern, path)))) return 'part'
  return paths.some(({ given }) => given === ANYTHING) ? 'maybe' : 'none'
}

/** Looked at by many rules, and the same for all of them. */
const tooBroad = new WeakMap<readonly string[], boolean>()

function isTooBroad(words: readonly string[]): boolean {
  const known = tooBroad.get(words)
  if (known !== undefined) return known
  const found = whyTooBroad(words) !== null
  tooBroad.set(words, found)
  return found
}
