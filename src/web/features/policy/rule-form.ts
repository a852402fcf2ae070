import { ProviderId } from '#protocol/ids'
import type { PolicyDecision, RuleDraft, RuleMatch, RuleScope } from '#protocol/policy'
import type { PermissionMode } from '#protocol/providers'
import type { ruleFaults } from './text-policy.ts'

const HOUR_MS = 3_600_000
export const LIFETIMES_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 720 * HOUR_MS } as const

export type Expiry = 'keep' | 'never' | keyof typeof LIFETIMES_MS

/** A rule as its form holds it: text as typed. */
export interface RuleForm {
  decision: PolicyDecision
  /** Null while the kind is chosen and the person or project is not. */
  scope: RuleScope | null
  scopeKind: RuleScope['kind']
  command: string
  tools: string
  paths: string
  domains: string
  provider: string
  modes: readonly PermissionMode[]
  reason: string
  expiry: Expiry
}

export type FormFault = keyof typeof ruleFaults

export function formOf({ decision, scope, match, reason, expiresAt }: RuleDraft): RuleForm {
  const { command = '', tools = [], paths = [], domains = [], provider = '', modes = [] } = match
  return {
    decision,
    scope,
    scopeKind: scope.kind,
    command,
    tools: tools.join(', '),
    paths: paths.join('\n'),
    domains: domains.join('\n'),
    provider,
    modes,
    reason,
    expiry: expiresAt === null ? 'never' : 'keep',
  }
}

export const EMPTY_RULE: RuleDraft = { decision: 'allow', scope: { kind: 'global' }, match: {}, reason: '', expiresAt: null }

/** The rule that the form describes; what no field shows is taken from the rule that it began with. */
export function ruleOf(form: RuleForm, original: RuleDraft, now: Date): RuleDraft {
  return {
    ...original,
    decision: form.decision,
    scope: form.scope ?? { kind: 'global' },
    match: matchOf(form, original.match),
    reason: form.reason.trim(),
    expiresAt: expiryOf(form.expiry, original.expiresAt, now),
  }
}

function matchOf(form: RuleForm, { exact }: RuleMatch): RuleMatch {
  const command = form.command.trim().replace(/\s+/g, ' ')
  const tools = itemsOf(form.tools, /[,\n]/)
  const paths = itemsOf(form.paths, /\n/)
  const domains = itemsOf(form.domains, /\n|,/)
  const provider = ProviderId.safeParse(form.provider)
  return {
    ...(exact !== undefined && { exact }),
    ...(command !== '' && { command }),
    ...(tools.length > 0 && { tools }),
    ...(paths.length > 0 && { paths }),
    ...(domains.length > 0 && { domains }),
    ...(provider.success && { provider: provider.data }),
    ...(form.modes.length > 0 && { modes: [...form.modes] }),
  }
}

function itemsOf(text: string, separator: RegExp): string[] {
  return [
    ...new Set(
      text
        .split(separator)
        .map((item) => item.trim())
        .filter(Boolean),
    ),
  ]
}

function expiryOf(expiry: Expiry, kept: string | null, now: Date): string | null {
  if (expiry === 'keep') return kept
  return expiry === 'never' ? null : new Date(now.getTime() + LIFETIMES_MS[expiry]).toISOString()
}

/** Why the rule cannot be kept; null where it can. The server has the last word. */
export function faultOf(form: RuleForm, rule: RuleDraft, now: Date): FormFault | null {
  if (form.scope === null) return form.scopeKind === 'user' ? 'noPerson' : 'noProject'
  if (rule.expiresAt !== null && Date.parse(rule.expiresAt) <= now.getTime()) return 'expired'
  return matchFault(rule)
}

function matchFault({ decision, match }: RuleDraft): FormFault | null {
  const { command, tools, paths, domains, exact } = match
  const lists = [tools, paths, domains].filter((list) => list !== undefined)
  if (command === undefined && exact === undefined && lists.length === 0) return 'noCondition'
  if (lists.some(isTooLong)) return 'tooLong'
  if (command?.split(' ').slice(0, -1).includes('**')) return 'stars'
  return decision === 'allow' && coversEverything(match) ? 'everything' : null
}

function isTooLong(list: readonly string[]): boolean {
  return list.length > 50 || list.some((item) => item.length > 1000)
}

function coversEverything(match: RuleMatch): boolean {
  return match.tools?.includes('*') === true && Object.keys(match).length === 1
}
