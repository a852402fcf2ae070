import type { Policy, PolicyPreset, PolicyRule, ReplacePolicy, RuleDraft } from '#protocol/policy'
import { compareRules, isSameRule, type PolicyChanges } from './policy-changes.ts'

/** A rule under a name that lasts as long as the draft: its id, or one of our own for a new rule. */
export interface KeyedRule {
  key: string
  rule: RuleDraft
}

/** A policy as it would be saved, with what it started from. */
export interface PolicyDraft {
  base: Policy
  preset: PolicyPreset
  rules: readonly KeyedRule[]
  /** Number of the next new rule. */
  next: number
}

export function draftOf(base: Policy): PolicyDraft {
  return { base, preset: base.preset, rules: base.rules.map((rule) => ({ key: rule.id, rule })), next: 1 }
}

/** Adds a rule, or puts it in the place of the one with this key. */
export function withRule(draft: PolicyDraft, rule: RuleDraft, key?: string): PolicyDraft {
  if (key === undefined) {
    return { ...draft, rules: [...draft.rules, { key: `new ${draft.next}`, rule }], next: draft.next + 1 }
  }
  return { ...draft, rules: draft.rules.map((each) => (each.key === key ? { key, rule } : each)) }
}

export function withoutRule(draft: PolicyDraft, key: string): PolicyDraft {
  return { ...draft, rules: draft.rules.filter((each) => each.key !== key) }
}

/** Brings back a saved rule as it is saved, whether it was changed or deleted. */
export function withSaved(draft: PolicyDraft, saved: PolicyRule): PolicyDraft {
  const back = { key: saved.id, rule: saved }
  const isThere = draft.rules.some(({ key }) => key === saved.id)
  return { ...draft, rules: isThere ? draft.rules.map((each) => (each.key === saved.id ? back : each)) : [...draft.rules, back] }
}

/** The draft that a document asks for. Its rules without an id are new ones. */
export function withDocument(draft: PolicyDraft, { preset, rules }: Pick<ReplacePolicy, 'preset' | 'rules'>): PolicyDraft {
  const keyed = rules.map((rule, index) => ({ key: rule.id ?? `new ${draft.next + index}`, rule }))
  return { ...draft, preset, rules: keyed, next: draft.next + rules.length }
}

/** What saving the draft would change. */
export function changesOf({ base, preset, rules }: PolicyDraft): PolicyChanges {
  return compareRules(base, { preset, rules: rules.map(({ rule }) => rule) })
}

/** What is sent: versions and ids as they were read, without what only the server sets. */
export function documentOf({ base, preset, rules }: PolicyDraft): ReplacePolicy {
  return {
    version: base.version,
    preset,
    rules: rules.map(({ rule: { author: _author, createdAt: _createdAt, ...rule } }) => rule),
  }
}

/** The draft's own changes, put on top of a newer policy. A changed rule that is gone there is added anew. */
export function reapply(draft: PolicyDraft, latest: Policy): PolicyDraft {
  const changes = changesOf(draft)
  let next: PolicyDraft = { ...draftOf(latest), preset: changes.preset?.after ?? latest.preset, next: draft.next }
  for (const change of changes.rules) {
    if (change.kind === 'added') next = withRule(next, change.rule)
    else if (change.kind === 'removed') next = withoutRule(next, change.rule.id ?? '')
    else if (latest.rules.some(({ id }) => id === change.after.id)) next = withRule(next, change.after, change.after.id)
    else next = withRule(next, { ...change.after, id: undefined })
  }
  return next
}

/** Whether a rule that the draft changes or deletes is another one in the newer policy. */
export function overlaps(draft: PolicyDraft, latest: Policy): boolean {
  return changesOf(draft).rules.some((change) => {
    if (change.kind === 'added') return false
    const before = change.kind === 'changed' ? change.before : change.rule
    const now = latest.rules.find(({ id }) => id === before.id)
    return now === undefined ? change.kind === 'changed' : !isSameRule(before, now)
  })
}
