import type { RuleDraft } from '#protocol/policy'
import type { RuleFault } from './policy-errors.ts'
import { whyTooBroad } from './shell/risky-programs.ts'
import { runnerKind } from './shell/runners.ts'

/** What keeps rules from being saved, with the rule and the field; empty where nothing does. */
export function faultsOf(rules: readonly RuleDraft[], now: Date): RuleFault[] {
  const ids = rules.flatMap(({ id }) => id ?? [])
  return rules.flatMap((rule, index) =>
    Object.entries(faultsOfRule(rule, now, ids)).flatMap(([field, problem]) =>
      problem === null ? [] : { field: `rules.${String(index)}.${field}`, problem },
    ),
  )
}

function faultsOfRule({ id, decision, match, expiresAt }: RuleDraft, now: Date, ids: readonly string[]): Record<string, string | null> {
  return {
    id: id !== undefined && ids.indexOf(id) !== ids.lastIndexOf(id) ? 'is the id of two rules' : null,
    match: isEmpty(match) ? 'needs a condition: tools, command, paths, domains or exact' : decision === 'allow' ? whyRefused(match) : null,
    'match.command': decision === 'allow' ? whyShapeRefused(match) : null,
    expiresAt: expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? 'is over already' : null,
  }
}

function isEmpty({ tools, command, paths, domains, exact }: RuleDraft['match']): boolean {
  return [tools, command, paths, domains, exact].every((condition) => condition === undefined)
}

function whyRefused({ tools, command, paths, domains, exact }: RuleDraft['match']): string | null {
  if (exact !== undefined) return null
  const isAnyTool = tools === undefined || tools.includes('*')
  if (domains !== undefined && isAnyTool) return 'must name the tools that may use these sites'
  const isNarrowed = command !== undefined || paths !== undefined || domains !== undefined
  return isAnyTool && !isNarrowed ? 'would allow every tool; name the tools, a command or paths' : null
}

/**
 * What a program of this kind runs is in its arguments or its files, so no wildcard can stand for them. What a project's
 * own scripts are started with, word for word, a rule may name.
 */
function whyShapeRefused({ command, exact }: RuleDraft['match']): string | null {
  if (command === undefined || exact !== undefined) return null
  const words = command.trim().split(/\s+/)
  const [program = ''] = words
  if (program.includes('*')) return 'must begin with the name of a program'
  const literal = words.filter((word) => word !== '*' && word !== '**')
  const why = whyTooBroad(literal)
  if (why === null) return null
  if (runnerKind(program) !== 'project') return `${why}, so only one exact call can be allowed`
  const isLiteral = literal.length === words.length && words.length > 1
  return isLiteral ? null : `${why}, so only one exact call can be allowed, or the command word for word`
}
