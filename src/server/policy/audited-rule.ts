import type { PolicyRule } from '#protocol/policy'
import type { RuleChanges } from './rule-changes.ts'

/**
 * A rule as the audit log keeps it. An exact rule is also bound to files that are not there yet, which may be any word of
 * the command, a password too, made a path: of those only the number is told. The rule's `callHash` covers them.
 */
export function auditedRule(rule: PolicyRule): Record<string, unknown> {
  const { exact } = rule.match
  if (exact === undefined) return { ...rule }
  const files = exact.files.filter(({ sha256 }) => sha256 !== null)
  const absentFiles = exact.files.length - files.length
  return { ...rule, match: { ...rule.match, exact: { ...exact, files, absentFiles } } }
}

export function auditedChanges({ added, changed, removed }: RuleChanges): Record<string, unknown> {
  return {
    added: added.map(auditedRule),
    changed: changed.map(({ before, after }) => ({ before: auditedRule(before), after: auditedRule(after) })),
    removed: removed.map(auditedRule),
  }
}
