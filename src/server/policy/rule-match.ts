import { join, normalize, sep } from 'node:path'
import type { PolicyRule } from '#protocol/policy'
import type { CallFacts, CallPath } from './call-facts.ts'
import { type Glob, fitsSegments, readGlob } from './glob.ts'
import { withoutTilde } from './protected-paths.ts'
import { whyTooBroad } from './shell/risky-programs.ts'
import type { SimpleCommand } from './shell/simple-command.ts'

/**
 * How a rule speaks of a call. `whole`: of all of it, so that it may allow. `part`: of some of it, which is enough to ask
 * or deny. `none`: not at all.
 */
export type Coverage = 'whole' | 'part' | 'none'

/** A rule whose patterns were read once. */
export interface PreparedRule {
  rule: PolicyRule
  /** Milliseconds of the epoch; infinite for good. */
  endsAt: number
  shape: Shape | null
  paths: readonly PathPattern[]
  domains: readonly string[]
}

interface Shape {
  /** Words before a `**` at the end. */
  fixed: readonly string[]
  isOpen: boolean
  /** Whether it has any wildcard. */
  isBroad: boolean
}

/** `below`: one of the project, compared with what follows its folder. */
type PathPattern = { kind: 'absolute' | 'below'; glob: Glob } | { kind: 'above'; pattern: string }

export function prepareRule(rule: PolicyRule): PreparedRule {
  const { match, expiresAt } = rule
  return {
    rule,
    endsAt: expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
    shape: match.command === undefined ? null : readShape(match.command),
    paths: (match.paths ?? []).map(readPath),
    domains: (match.domains ?? []).map((pattern) => pattern.toLowerCase()),
  }
}

function readShape(shape: string): Shape {
  const words = shape.trim().split(/\s+/)
  const isOpen = words.at(-1) === '**'
  return { fixed: isOpen ? words.slice(0, -1) : words, isOpen, isBroad: words.some((word) => word === '*' || word === '**') }
}

function readPath(pattern: string): PathPattern {
  if (/^[/~]/.test(pattern)) return { kind: 'absolute', glob: readGlob(withoutTilde(pattern)) }
  const plain = normalize(pattern)
  return plain.startsWith('..') || plain === '.' ? { kind: 'above', pattern } : { kind: 'below', glob: readGlob(plain) }
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

/** How much of the call the rule's `match` covers. A match without any condition covers nothing. */
export function coverageOf(prepared: PreparedRule, facts: CallFacts): Coverage {
  const { match, decision } = prepared.rule
  let coverage: Coverage | null = null
  const conditions = [
    () => match.tools && wholeIf(fitsTools(match.tools, facts.ask.toolName)),
    () => match.exact && wholeIf(match.exact.callHash === facts.callHash),
    () => prepared.shape && commandCoverage(prepared.shape, facts),
    () => match.paths && pathCoverage(prepared.paths, facts, decision !== 'allow'),
    () => match.domains && domainCoverage(prepared.domains, facts),
  ]
  for (const condition of conditions) {
    const found = condition()
    if (!found) continue
    if (found === 'none') return 'none'
    coverage = coverage === 'part' ? 'part' : found
  }
  return coverage ?? 'none'
}

function wholeIf(covers: boolean): Coverage {
  return covers ? 'whole' : 'none'
}

/** Whether one of the patterns means the tool: `*`, a name, or `mcp__server__*`; a wildcard anywhere else is a character. */
export function fitsTools(patterns: readonly string[], tool: string): boolean {
  return patterns.some((pattern) => pattern === '*' || pattern === tool || (isServer(pattern) && tool.startsWith(pattern.slice(0, -1))))
}

function isServer(pattern: string): boolean {
  return pattern.endsWith('__*') && /^mcp__.+__\*$/.test(pattern)
}

function commandCoverage(shape: Shape, { command }: CallFacts): Coverage {
  if (command === null) return 'none'
  const { understood } = command
  return understood.kind === 'unknown' ? roughCoverage(shape, command.rough) : listCoverage(shape, understood.commands)
}

/** For ask and deny: a rough look at the text, which may be fooled and so never allows. */
function roughCoverage({ fixed: [program = '*'] }: Shape, rough: ReadonlySet<string>): Coverage {
  return program.startsWith('*') || rough.has(program) ? 'part' : 'none'
}

function listCoverage(shape: Shape, commands: readonly SimpleCommand[]): Coverage {
  const covered = commands.filter(({ words }) => fitsWords(shape, words)).length
  if (covered === 0) return 'none'
  const isWhole = covered === commands.length && !(shape.isBroad && commands.some(({ words }) => isTooBroad(words)))
  return isWhole ? 'whole' : 'part'
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

/** Word by word; `*` is one word that is no option, `**` at the end any words. */
function fitsWords({ fixed, isOpen }: Shape, words: readonly string[]): boolean {
  if (isOpen ? words.length < fixed.length : words.length !== fixed.length) return false
  return fixed.every((word, index) => word === words[index] || (word === '*' && words[index]?.startsWith('-') === false))
}

/** @param asGiven whether also the path as the call names it counts, which is for rules that ask or deny */
function pathCoverage(patterns: readonly PathPattern[], { paths, context }: CallFacts, asGiven: boolean): Coverage {
  if (paths.length === 0) return 'none'
  const root = context.cwd.split(sep)
  const fits = ({ realSegments, givenSegments }: CallPath) =>
    patterns.some((pattern) => {
      const fit = (segments: readonly string[]) => fitsPath(pattern, segments, root)
      return (realSegments !== null && fit(realSegments)) || (asGiven && fit(givenSegments))
    })
  const covered = paths.filter(fits).length
  if (covered === 0) return 'none'
  return covered === paths.length ? 'whole' : 'part'
}

function fitsPath(pattern: PathPattern, segments: readonly string[], root: readonly string[]): boolean {
  if (pattern.kind === 'absolute') return fitsSegments(pattern.glob, segments)
  if (pattern.kind === 'above') return fitsSegments(readGlob(join(root.join(sep), pattern.pattern)), segments)
  return root.every((segment, index) => segment === segments[index]) && fitsSegments(pattern.glob, segments, root.length)
}

function domainCoverage(patterns: readonly string[], { domains }: CallFacts): Coverage {
  if (domains.length === 0) return 'none'
  const fits = (domain: string) =>
    patterns.some((pattern) => (pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern))
  const covered = domains.filter(fits).length
  if (covered === 0) return 'none'
  return covered === domains.length ? 'whole' : 'part'
}
