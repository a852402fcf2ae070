import type { PolicyPreset, RuleDraft } from '#protocol/policy'

/** The fields of a rule that a person sets. */
export type RuleField = 'decision' | 'scope' | 'match' | 'reason' | 'expires'

export type RuleChange =
  | { kind: 'added'; rule: RuleDraft }
  | { kind: 'removed'; rule: RuleDraft }
  | { kind: 'changed'; before: RuleDraft; after: RuleDraft; fields: RuleField[] }

export interface PolicyChanges {
  preset: { before: PolicyPreset; after: PolicyPreset } | null
  rules: RuleChange[]
}

interface Rules {
  preset: PolicyPreset
  rules: readonly RuleDraft[]
}

/** What leads from one policy to the other, by the ids of the rules. */
export function compareRules(before: Rules, after: Rules): PolicyChanges {
  const old = new Map(before.rules.flatMap((rule) => (rule.id === undefined ? [] : [[rule.id, rule] as const])))
  const kept = new Set(after.rules.map(({ id }) => id))
  const removed = before.rules.filter(({ id }) => !kept.has(id)).map((rule): RuleChange => ({ kind: 'removed', rule }))
  const others = after.rules.flatMap((rule): RuleChange[] => {
    const was = rule.id === undefined ? undefined : old.get(rule.id)
    if (was === undefined) return [{ kind: 'added', rule }]
    const fields = changedFields(was, rule)
    return fields.length === 0 ? [] : [{ kind: 'changed', before: was, after: rule, fields }]
  })
  const preset = before.preset === after.preset ? null : { before: before.preset, after: after.preset }
  return { preset, rules: [...others, ...removed] }
}

export function countChanges({ preset, rules }: PolicyChanges): number {
  return rules.length + (preset === null ? 0 : 1)
}

/** Whether both say the same, whoever made them. */
export function isSameRule(a: RuleDraft, b: RuleDraft): boolean {
  return changedFields(a, b).length === 0
}

function changedFields(a: RuleDraft, b: RuleDraft): RuleField[] {
  const isSame: Record<RuleField, boolean> = {
    decision: a.decision === b.decision,
    scope: sorted(a.scope) === sorted(b.scope),
    match: sorted(a.match) === sorted(b.match),
    reason: a.reason === b.reason,
    expires: a.expiresAt === b.expiresAt,
  }
  return FIELDS.filter((field) => !isSame[field])
}

const FIELDS = ['decision', 'scope', 'match', 'reason', 'expires'] as const

/** The same text for the same fields in whatever order. */
function sorted(fields: object): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return JSON.stringify(given.sort(([a], [b]) => a.localeCompare(b)))
}
