import type { PolicyRule, RuleDraft, RuleMatch, RuleScope } from '#protocol/policy'
import type { PolicyNames } from './policy-names.ts'
import { explainText, matchText, modeNames, rulesText } from './text-policy.ts'

export interface MatchPart {
  label: string
  /** As the rule has it; null where the label says all. */
  value: string | null
}

/** What a rule speaks of, condition by condition. */
export function matchParts({ command, tools, paths, domains, provider, modes, exact }: RuleMatch): MatchPart[] {
  const { everyTool, nothing } = matchText
  const isEvery = tools?.includes('*') === true
  const parts = [
    isEvery && { label: everyTool, value: null },
    ...listed({ exact: exact?.callHash.slice(0, 8), command, tools: isEvery ? undefined : tools, paths, domains, provider }),
    ...listed({ modes: modes?.map(modeWord) }),
  ].filter((part) => part !== false)
  return parts.length === 0 ? [{ label: nothing, value: null }] : parts
}

type Given = Partial<Record<keyof typeof matchText, string | readonly string[] | undefined>>

function listed(given: Given): MatchPart[] {
  return LABELLED.flatMap((name) => {
    const value = given[name]
    return value === undefined ? [] : [{ label: matchText[name], value: typeof value === 'string' ? value : value.join(', ') }]
  })
}

const LABELLED = ['exact', 'command', 'tools', 'paths', 'domains', 'provider', 'modes'] as const

/** The same as a line: `Commands: git log *`. */
export function matchWords(match: RuleMatch): string {
  return matchParts(match)
    .map(({ label, value }) => (value === null ? label : `${label}: ${value}`))
    .join(' · ')
}

export function modeWord(mode: string): string {
  return modeNames[mode] ?? mode
}

/** The person that a scope names, if any; a project's rule may be one person's alone. */
export function personOf(scope: RuleScope): string | null {
  return 'userId' in scope && typeof scope.userId === 'string' ? scope.userId : null
}

/** Where a rule holds, as the end of a sentence. */
export function scopeWords(scope: RuleScope, names: PolicyNames): string {
  const { where } = explainText
  const person = personOf(scope)
  const name = person === null ? null : (names.people.get(person) ?? rulesText.somebody)
  switch (scope.kind) {
    case 'global':
      return where.global
    case 'user':
      return where.user(name ?? rulesText.somebody)
    case 'project': {
      const place = where.project(names.projects.get(scope.projectId) ?? rulesText.removedProject)
      return name === null ? place : `${place} ${where.user(name)}`
    }
    case 'session':
      return sessionWords(scope.until)
  }
}

function sessionWords(until: 'turn-end' | undefined): string {
  return until === undefined ? explainText.where.session : `${explainText.where.session} ${rulesText.untilTurnEnd}`
}

/** What the rule does and what it never covers, as sentences. */
export function explainRule(rule: RuleDraft, names: PolicyNames): string[] {
  const first = `${explainText.verbs[rule.decision]} ${whatOf(rule.match)} ${scopeWords(rule.scope, names)}.`
  return [first, ...(rule.decision === 'allow' ? limitsOfAllow(rule.match) : reachOfOthers(rule.match))]
}

function whatOf({ command, tools, paths, domains, provider, modes, exact }: RuleMatch): string {
  const subject = subjectOf({ command, tools, exact })
  return [
    subject,
    paths && explainText.paths(paths.join(explainText.or)),
    domains && explainText.domains(domains.join(explainText.or)),
    provider !== undefined && explainText.provider(provider),
    modes && explainText.modes(modes.map(modeWord).join(explainText.or)),
  ]
    .filter((part) => typeof part === 'string')
    .join(' ')
}

function subjectOf({ command, tools, exact }: RuleMatch): string {
  if (exact !== undefined) return explainText.exact
  if (command !== undefined) return explainText.command(command)
  if (tools === undefined) return explainText.anything
  return tools.includes('*') ? explainText.everyTool : explainText.tools(tools.join(explainText.or))
}

function limitsOfAllow({ command, paths, exact }: RuleMatch): string[] {
  if (exact !== undefined) return exact.files.length === 0 ? [] : [explainText.exactFiles]
  const isOpen = command?.split(/\s+/).some((word) => word === '*' || word === '**') === true
  return [
    command === undefined ? explainText.neverCommands : explainText.allowsCommand,
    isOpen && explainText.neverRuns,
    command !== undefined && explainText.neverUntrusted,
    explainText.neverProtected,
    paths === undefined && explainText.neverOutside,
    explainText.neverHidden,
  ].filter((sentence) => typeof sentence === 'string')
}

function reachOfOthers({ command, paths, domains }: RuleMatch): string[] {
  if (command !== undefined) return [explainText.anyCommand]
  return paths === undefined && domains === undefined ? [] : [explainText.anyPart]
}

/** Whether a rule holds all the words of a search. */
export function holdsWords(rule: RuleDraft | PolicyRule, search: string, names: PolicyNames): boolean {
  const text = [rule.decision, matchWords(rule.match), scopeWords(rule.scope, names), rule.reason, rule.author ?? '']
    .join('\n')
    .toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
