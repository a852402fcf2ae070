import type { RuleScope } from '#protocol/policy'
import { SelectField } from '../../ui/settings/select-field.tsx'
import styles from './policy.module.css'
import { usePolicyPlace } from './policy-names.ts'
import type { RuleForm } from './rule-form.ts'
import { formText } from './text-policy.ts'

interface ScopeFieldsProps {
  form: RuleForm
  original: RuleScope
  onChange: (part: Partial<RuleForm>) => void
}

/** Where the rule holds. A session's rule is made from its card, and may stay where it is. */
export function ScopeFields({ form: { scope, scopeKind }, original, onChange }: ScopeFieldsProps) {
  const { people, projects } = usePolicyPlace().choices
  const kinds = (['global', 'user', 'project', 'session'] as const).filter((kind) => kind === original.kind || isOffered(kind))

  function isOffered(kind: RuleScope['kind']): boolean {
    if (kind === 'user') return people.length > 0
    return kind === 'project' ? projects.length > 0 : kind === 'global'
  }

  function choose(kind: RuleScope['kind']) {
    onChange({ scopeKind: kind, scope: kind === original.kind ? original : firstOf(kind) })
  }

  function firstOf(kind: RuleScope['kind']): RuleScope | null {
    if (kind === 'global') return { kind }
    const [person] = people
    const [project] = projects
    if (kind === 'user' && person) return { kind, userId: person.id }
    return kind === 'project' && project ? { kind, projectId: project.id } : null
  }

  return (
    <div className={styles.pair}>
      <SelectField
        label={formText.scope}
        value={scopeKind}
        options={kinds.map((value) => ({ value, label: formText.scopes[value] }))}
        onChange={choose}
      />
      {scope?.kind === 'user' && (
        <SelectField
          label={formText.person}
          value={scope.userId}
          options={people.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(userId) => onChange({ scope: { kind: 'user', userId } })}
        />
      )}
      {scope?.kind === 'project' && (
        <SelectField
          label={formText.project}
          value={scope.projectId}
          options={projects.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(projectId) => onChange({ scope: { ...scope, projectId } })}
        />
      )}
    </div>
  )
}
