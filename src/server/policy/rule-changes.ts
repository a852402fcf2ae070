import type { PolicyRule } from '#protocol/policy'
import { canonicalJson } from '../platform/canonical-json.ts'

export interface RuleChanges {
  added: PolicyRule[]
  changed: { before: PolicyRule; after: PolicyRule }[]
  removed: PolicyRule[]
}

/** What makes one set of rules another. */
export function changesBetween(before: readonly PolicyRule[], after: readonly PolicyRule[]): RuleChanges {
  const old = new Map(before.map((rule) => [rule.id, rule]))
  const kept = new Set(after.map(({ id }) => id))
  return {
    added: after.filter(({ id }) => !old.has(id)),
    changed: after.flatMap((rule) => {
      const was = old.get(rule.id)
      return was === undefined || canonicalJson(was) === canonicalJson(rule) ? [] : [{ before: was, after: rule }]
    }),
    removed: before.filter(({ id }) => !kept.has(id)),
  }
}
