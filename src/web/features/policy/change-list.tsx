import type { RuleDraft } from '#protocol/policy'
import { formatExactTime } from '../../lib/format.ts'
import { classNames } from '../../ui/class-names.ts'
import { DecisionMark } from './decision-mark.tsx'
import type { PolicyChanges, RuleChange, RuleField } from './policy-changes.ts'
import { MatchParts } from './match-parts.tsx'
import styles from './policy.module.css'
import { type PolicyNames, usePolicyPlace } from './policy-names.ts'
import { matchWords, scopeWords } from './rule-words.ts'
import { decisionNames, presetNames, savingText } from './text-policy.ts'

/** Its dialog scrolls, which must be possible by key as well. */
const REACHABLE = { tabIndex: 0 }

/** Every change in words, what was and what is. */
export function ChangeList({ changes: { preset, rules } }: { changes: PolicyChanges }) {
  return (
    <ul {...REACHABLE} className={styles.changes} aria-label={savingText.list}>
      {preset !== null && (
        <li className={styles.change}>
          <span className={styles.kind}>{savingText.preset}</span>
          <Values before={presetNames[preset.before]} after={presetNames[preset.after]} />
        </li>
      )}
      {rules.map((change, index) => (
        // The list is drawn anew with every change of it.
        <ChangeRow key={index} change={change} />
      ))}
    </ul>
  )
}

function ChangeRow({ change }: { change: RuleChange }) {
  const { names } = usePolicyPlace()
  const rule = change.kind === 'changed' ? change.after : change.rule
  return (
    <li className={classNames(styles.change, change.kind === 'changed' ? undefined : styles[change.kind])}>
      <span className={styles.kind}>{savingText[change.kind]}</span>
      <span className={styles.rule}>
        <DecisionMark decision={rule.decision} />
        <MatchParts match={rule.match} />
      </span>
      <span className={styles.hint}>{[scopeWords(rule.scope, names), rule.reason].filter(Boolean).join(' · ')}</span>
      {change.kind === 'changed' &&
        change.fields.map((field) => (
          <div key={field} className={styles.values}>
            <span>{savingText.fields[field]}</span>
            <Values before={valueOf(field, change.before, names)} after={valueOf(field, change.after, names)} />
          </div>
        ))}
    </li>
  )
}

/** Deleted and inserted text, which screen readers may tell apart; the words before each do so for all. */
function Values({ before, after }: { before: string; after: string }) {
  return (
    <span className={styles.values}>
      <span className={styles.before}>
        − <span className="visually-hidden">{savingText.from}: </span>
        <del>{before}</del>
      </span>
      <span className={styles.after}>
        + <span className="visually-hidden">{savingText.to}: </span>
        {after}
      </span>
    </span>
  )
}

function valueOf(field: RuleField, rule: RuleDraft, names: PolicyNames): string {
  switch (field) {
    case 'decision':
      return decisionNames[rule.decision]
    case 'scope':
      return scopeWords(rule.scope, names)
    case 'match':
      return matchWords(rule.match)
    case 'reason':
      return rule.reason === '' ? savingText.noReason : rule.reason
    case 'expires':
      return rule.expiresAt === null ? savingText.forGood : formatExactTime(rule.expiresAt)
  }
}
