import { PermissionMode } from '#protocol/providers'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import styles from './policy.module.css'
import { usePolicyPlace } from './policy-names.ts'
import type { RuleForm } from './rule-form.ts'
import { modeWord } from './rule-words.ts'
import { TextArea } from './text-area.tsx'
import { formText } from './text-policy.ts'

interface ConditionFieldsProps {
  form: RuleForm
  /** The rule is bound to one call, which stays. */
  isExact: boolean
  onChange: (part: Partial<RuleForm>) => void
}

/** What a call must be like for the rule to speak of it. */
export function ConditionFields({ form, isExact, onChange }: ConditionFieldsProps) {
  return (
    <fieldset className={styles.conditions}>
      <legend className={styles.legend}>{formText.conditions}</legend>
      <p className={styles.hint}>{formText.conditionsHint}</p>
      {isExact && <Notice>{formText.exact}</Notice>}
      <Field
        className={styles.literal}
        label={formText.command}
        hint={formText.commandHint}
        value={form.command}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange({ command: event.target.value })}
      />
      <TextArea
        label={formText.paths}
        hint={formText.pathsHint}
        value={form.paths}
        onChange={(event) => onChange({ paths: event.target.value })}
      />
      <Field
        className={styles.literal}
        label={formText.tools}
        hint={formText.toolsHint}
        value={form.tools}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange({ tools: event.target.value })}
      />
      <TextArea
        label={formText.domains}
        hint={formText.domainsHint}
        value={form.domains}
        onChange={(event) => onChange({ domains: event.target.value })}
      />
      <AgentFields form={form} onChange={onChange} />
    </fieldset>
  )
}

function AgentFields({ form, onChange }: Omit<ConditionFieldsProps, 'isExact'>) {
  const { providers } = usePolicyPlace().choices
  const known = [{ value: '', label: formText.anyProvider }, ...providers.map(({ id, name }) => ({ value: String(id), label: name }))]
  const isKnown = known.some(({ value }) => value === form.provider)
  const options = isKnown ? known : [...known, { value: form.provider, label: form.provider }]

  function toggle(mode: PermissionMode) {
    onChange({ modes: form.modes.includes(mode) ? form.modes.filter((other) => other !== mode) : [...form.modes, mode] })
  }

  return (
    <details open={form.provider !== '' || form.modes.length > 0 ? true : undefined}>
      <summary className={styles.summary}>{formText.more}</summary>
      <div className={styles.more}>
        <SelectField label={formText.provider} value={form.provider} options={options} onChange={(provider) => onChange({ provider })} />
        <fieldset className={styles.conditions}>
          <legend className={styles.legend}>{formText.modes}</legend>
          <div className={styles.pair}>
            {PermissionMode.options.map((mode) => (
              <label key={mode} className={styles.summary}>
                <input type="checkbox" checked={form.modes.includes(mode)} onChange={() => toggle(mode)} /> {modeWord(mode)}
              </label>
            ))}
          </div>
        </fieldset>
      </div>
    </details>
  )
}
