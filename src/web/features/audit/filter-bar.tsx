import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { useProjects } from '../../lib/server-queries.ts'
import { IconButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import styles from './audit.module.css'
import type { AuditFilters } from './audit-filters.ts'
import { filterText } from './text-audit.ts'

interface FilterBarProps {
  filters: AuditFilters
  onChange: (filters: AuditFilters) => void
}

/** The filters, which stand in the address. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const projects = useProjects()
  const set = (change: Partial<AuditFilters>) => onChange({ ...filters, ...change })
  const projectOptions = (projects.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
  return (
    <search className={styles.filters} aria-label={filterText.label}>
      <WhoField key={filters.who} who={filters.who} onChange={(who) => set({ who })} />
      <SelectField
        label={filterText.area}
        value={filters.area}
        options={[
          { value: '', label: filterText.allAreas },
          ...Object.entries(filterText.areas).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(area) => set({ area })}
      />
      <SelectField
        label={filterText.project}
        value={filters.project}
        options={[{ value: '', label: filterText.allProjects }, ...projectOptions]}
        onChange={(project) => set({ project })}
      />
      <Field label={filterText.from} type="date" value={filters.from} onChange={(event) => set({ from: event.target.value })} />
      <Field label={filterText.to} type="date" value={filters.to} onChange={(event) => set({ to: event.target.value })} />
      {filters.about !== '' && (
        <p className={styles.about}>
          <span className={styles.id}>{filterText.about(filters.about)}</span>
          <IconButton label={filterText.removeAbout} onClick={() => set({ about: '' })}>
            <X size={16} aria-hidden />
          </IconButton>
        </p>
      )}
    </search>
  )
}

/** Looked for once it is left or Enter is pressed: an unfinished name fits nothing. */
function WhoField({ who, onChange }: { who: string; onChange: (who: string) => void }) {
  const [draft, setDraft] = useState(who)
  const commit = () => {
    if (draft.trim() !== who) onChange(draft.trim())
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        commit()
      }}
    >
      <Field
        label={filterText.who}
        placeholder={filterText.whoHint}
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
