import type { RuleMatch } from '#protocol/policy'
import { matchParts } from './rule-words.ts'
import styles from './rules.module.css'

/** What a rule speaks of, its literal patterns told apart from our words. */
export function MatchParts({ match }: { match: RuleMatch }) {
  return matchParts(match).map(({ label, value }, index) => (
    <span key={label} className={styles.condition}>
      {index > 0 && <span className="visually-hidden">{', '}</span>}
      <span className={styles.label}>{value === null ? label : `${label}: `}</span>
      {value !== null && <code>{value}</code>}
    </span>
  ))
}
