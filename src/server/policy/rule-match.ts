import { join, normalize } from 'node:path'
import type { PolicyRule } from '#protocol/policy'
import type { CallFacts, CallPath } from './call-facts.ts'
import { fitsGlob } from './glob.ts'
import { withoutTilde } from './protected-paths.ts'
import { whyTooBroad } from './shell/risky-programs.ts'

/**
 * How a rule speaks of a call. `whole`: of all of it, so that it may allow. `part`: of some of it, which is enough to ask
 * or deny. `none`: not at all.
 */
export type Coverage = 'whole' | 'part' | 'none'

/** Whether the rule holds here and now, whatever the call is. */
export function holds({ scope, expiresAt, match }: PolicyRule, { context }: CallFacts, now: Date): boolean {
  return !isOver(expiresAt, now) && isMeant(match, context) && isIn(scope, context)
}

function isOver(expiresAt: string | null, now: Date): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime()
}

function isMeant({ provider, modes }: PolicyRule['match'], context: CallFacts['context']): boolean {
  return (provider === undefined || provider === context.provider) && (modes === undefined || modes.includes(context.mode))
}

function isIn(scope: PolicyRule['scope'], context: CallFacts['context']): boolean {
  switch (scope.kind) {
    case 'global':
      return true
    case 'user':
      return scope.userId === context.userId
    case 'project':
      return scope.projectId === context.projectId && (scope.userId === undefined || scope.userId === context.userId)
    case 'session':
      return scope.sessionId === context.sessionId
  }
}

/** How much of the call the rule's `match` covers. A match without any condition covers nothing. */
export function coverageOf({ decision, match }: PolicyRule, facts: CallFacts): Coverage {
  const conditions = [
    match.tools && wholeIf(match.tools.some((pattern) => fitsTool(pattern, facts.ask.toolName))),
    match.exact && wholeIf(match.exact.callHash === facts.callHash),
    match.command === undefined ? undefined : commandCoverage(match.command, facts),
    match.paths && pathCoverage(match.paths, facts, decision !== 'allow'),
    match.domains && domainCoverage(match.domains, facts),
  ].filter((condition) => condition !== undefined)
  if (conditions.length === 0 || conditions.includes('none')) return 'none'
  return conditions.includes('part') ? 'part' : 'whole'
}

function wholeIf(covers: boolean): Coverage {
  return covers ? 'whole' : 'none'
}

/** `*`, a name, or `mcp__server__*`; a wildcard anywhere else is a character. */
function fitsTool(pattern: string, tool: string): boolean {
  if (pattern === '*') return true
  const isServer = /^mcp__.+__\*$/.test(pattern)
  return isServer ? tool.startsWith(pattern.slice(0, -1)) : tool === pattern
}

function commandCoverage(shape: string, { command }: CallFacts): Coverage {
  if (command === null) return 'none'
  const { text, understood } = command
  const wanted = shape.trim().split(/\s+/)
  if (understood.kind === 'unknown') {
    // For ask and deny: a rough look at the text, which may be fooled and so never allows.
    const [program = ''] = wanted
    return program.startsWith('*') || text.split(/[^\w./@+-]+/).includes(program) ? 'part' : 'none'
  }
  const isBroad = wanted.some((word) => word === '*' || word === '**')
  const covered = understood.commands.map(({ words }) => fitsWords(wanted, words))
  if (!covered.includes(true)) return 'none'
  const isWhole = covered.every(Boolean) && !(isBroad && understood.commands.some(({ words }) => whyTooBroad(words) !== null))
  return isWhole ? 'whole' : 'part'
}

/** Word by word; `*` is one word that is no option, `**` at the end any words. */
function fitsWords(wanted: readonly string[], words: readonly string[]): boolean {
  const isOpen = wanted.at(-1) === '**'
  const fixed = isOpen ? wanted.slice(0, -1) : wanted
  if (isOpen ? words.length < fixed.length : words.length !== fixed.length) return false
  return fixed.every((word, index) => word === words[index] || (word === '*' && words[index]?.startsWith('-') === false))
}

/** @param asGiven whether also the path as the call names it counts, which is for rules that ask or deny */
function pathCoverage(patterns: readonly string[], { paths, context }: CallFacts, asGiven: boolean): Coverage {
  if (paths.length === 0) return 'none'
  const absolute = patterns.map((pattern) => (/^[/~]/.test(pattern) ? withoutTilde(pattern) : join(context.cwd, pattern)))
  const fits = ({ real, given }: CallPath) => {
    const names = [...(real === null ? [] : [real]), ...(asGiven ? [normalize(given)] : [])]
    return absolute.some((pattern) => names.some((name) => fitsGlob(pattern, name)))
  }
  const covered = paths.filter(fits).length
  if (covered === 0) return 'none'
  return covered === paths.length ? 'whole' : 'part'
}

function domainCoverage(patterns: readonly string[], { domains }: CallFacts): Coverage {
  if (domains.length === 0) return 'none'
  const fits = (domain: string) =>
    patterns.some((pattern) =>
      pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1).toLowerCase()) : domain === pattern.toLowerCase(),
    )
  const covered = domains.filter(fits).length
  if (covered === 0) return 'none'
  return covered === domains.length ? 'whole' : 'part'
}
