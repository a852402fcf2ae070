import type { PolicyDecision, PolicyRule, RuleDraft } from '#protocol/policy'
import { changesOf, type PolicyDraft } from './policy-draft.ts'
import type { PolicyNames } from './policy-names.ts'
import { holdsWords, matchWords } from './rule-words.ts'

/** A rule as the list shows it. */
export interface ShownRule {
  key: string
  rule: RuleDraft
  /** As it is saved; undefined for a new one. */
  saved: PolicyRule | undefined
  /** What saving does to it. */
  state: 'added' | 'changed' | 'removed' | null
}

/** What the list is narrowed to. */
export interface RuleSearch {
  words: string
  /** Empty for all. */
  decision: PolicyDecision | ''
}

/** The order in which they win. */
const RANK: Readonly<Record<PolicyDecision, number>> = { deny: 0, ask: 1, allow: 2 }

const COLLATOR = new Intl.Collator('en', { numeric: true })

/**
 * All rules, new ones first, then in the order in which they win; those that are to be deleted included until that is
 * saved. A rule stays at its place while it is changed.
 */
export function shownRules(draft: PolicyDraft): ShownRule[] {
  const changed = new Set(changesOf(draft).rules.map((change) => (change.kind === 'changed' ? change.after.id : undefined)))
  const current = new Map(draft.rules.map(({ key, rule }) => [key, rule]))
  const ids = new Set<string>(draft.base.rules.map(({ id }) => id))
  const saved = draft.base.rules.map((rule): ShownRule => {
    const now = current.get(rule.id)
    if (now === undefined) return { key: rule.id, rule, saved: rule, state: 'removed' }
    return { key: rule.id, rule: now, saved: rule, state: changed.has(rule.id) ? 'changed' : null }
  })
  const added = draft.rules
    .filter(({ key }) => !ids.has(key))
    .map(({ key, rule }): ShownRule => ({ key, rule, saved: undefined, state: 'added' }))
  return [...added, ...inOrder(saved)]
}

function inOrder(rules: readonly ShownRule[]): ShownRule[] {
  const sortable = rules.map((shown) => {
    const { decision, match } = shown.saved ?? shown.rule
    return { shown, rank: RANK[decision], words: matchWords(match) }
  })
  sortable.sort((a, b) => a.rank - b.rank || COLLATOR.compare(a.words, b.words))
  return sortable.map(({ shown }) => shown)
}

export function narrowed(rules: readonly ShownRule[], { words, decision }: RuleSearch, names: PolicyNames): ShownRule[] {
  const wanted = words.trim()
  return rules.filter(({ rule }) => (decision === '' || rule.decision === decision) && (wanted === '' || holdsWords(rule, wanted, names)))
}

const GROUPS = ['global', 'user', 'project', 'session'] as const

export interface RuleGroup {
  kind: (typeof GROUPS)[number]
  /** The first of them, as many as fit the page. */
  rules: readonly ShownRule[]
  /** How many there are. */
  count: number
}

/** By where they hold, in all no more than `limit`. */
export function groupsOf(rules: readonly ShownRule[], limit: number): RuleGroup[] {
  let room = limit
  return GROUPS.flatMap((kind) => {
    const all = rules.filter(({ rule }) => rule.scope.kind === kind)
    const shown = all.slice(0, room)
    room -= shown.length
    return shown.length === 0 ? [] : [{ kind, rules: shown, count: all.length }]
  })
}

/** How many must be shown for the rule with this key to be among them; 0 where there is none. */
export function reachOf(rules: readonly ShownRule[], key: string): number {
  const ordered = GROUPS.flatMap((kind) => rules.filter(({ rule }) => rule.scope.kind === kind))
  return ordered.findIndex((shown) => shown.key === key) + 1
}
