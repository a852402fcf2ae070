import { PolicyDecision } from '#protocol/policy'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import type { RuleSearch } from './rule-list.ts'
import styles from './rules.module.css'
import { decisionNames, rulesText } from './text-policy.ts'

const DECISIONS = [
  { value: '' as const, label: rulesText.anyDecision },
  ...PolicyDecision.options.map((value) => ({ value, label: decisionNames[value] })),
]

/** Narrows the list, by words and by decision. */
export function RuleFilters({ search, onChange }: { search: RuleSearch; onChange: (search: RuleSearch) => void }) {
  return (
    <div className={styles.filters}>
      <Field
        type="search"
        label={rulesText.search}
        value={search.words}
        onChange={(event) => onChange({ ...search, words: event.target.value })}
      />
      <SelectField
        label={rulesText.decision}
        value={search.decision}
        options={DECISIONS}
        onChange={(decision) => onChange({ ...search, decision })}
      />
    </div>
  )
}
