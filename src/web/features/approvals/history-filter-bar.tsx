import { useState } from 'react'
import { useProjects } from '../../lib/server-queries.ts'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import type { HistoryFilters } from './history-filters.ts'
import styles from './history.module.css'
import { historyText } from './text-history.ts'

interface HistoryFilterBarProps {
  filters: HistoryFilters
  onChange: (filters: HistoryFilters) => void
}

const { deciders, outcomes } = historyText
const DECIDERS = [
  { value: 'user', label: deciders.user },
  { value: 'rule', label: deciders.rule },
  { value: 'system', label: deciders.system },
  { value: 'any', label: deciders.any },
] as const
const OUTCOMES = [
  { value: '', label: historyText.allOutcomes },
  { value: 'allowed', label: outcomes.allowed },
  { value: 'denied', label: outcomes.denied },
  { value: 'timed-out', label: outcomes['timed-out'] },
  { value: 'cancelled', label: outcomes.cancelled },
] as const

/** The filters of the history, which stand in the address. */
export function HistoryFilterBar({ filters, onChange }: HistoryFilterBarProps) {
  const { data: projects = [] } = useProjects()
  const set = (change: Partial<HistoryFilters>) => onChange({ ...filters, ...change })
  const projectOptions = projects.map(({ id, name }) => ({ value: String(id), label: name }))
  return (
    <search className={styles.filters} aria-label={historyText.filters}>
      <SelectField label={historyText.by} value={filters.by} options={DECIDERS} onChange={(by) => set({ by })} />
      <SelectField label={historyText.outcome} value={filters.outcome} options={OUTCOMES} onChange={(outcome) => set({ outcome })} />
      <SelectField
        label={historyText.project}
        value={filters.project}
        options={[{ value: '', label: historyText.allProjects }, ...projectOptions]}
        onChange={(project) => set({ project })}
      />
      <TextField key={filters.text} text={filters.text} onChange={(text) => set({ text })} />
    </search>
  )
}

/** Looked for once it is left or Enter is pressed. */
function TextField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [draft, setDraft] = useState(text)
  const commit = () => {
    if (draft.trim() !== text) onChange(draft.trim())
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        commit()
      }}
    >
      <Field
        label={historyText.text}
        placeholder={historyText.textHint}
        value={draft}
        maxLength={200}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
      />
    </form>
  )
}
