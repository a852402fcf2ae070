import { PermissionMode } from '#protocol/providers'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import type { LabCall, LabPlace } from './lab-call.ts'
import styles from './policy.module.css'
import { usePolicyPlace } from './policy-names.ts'
import { modeWord } from './rule-words.ts'
import { TextArea } from './text-area.tsx'
import { labText } from './text-policy.ts'

const KINDS = (['command', 'tool'] as const).map((value) => ({ value, label: labText.kinds[value] }))
const MODES = PermissionMode.options.map((value) => ({ value, label: modeWord(value) }))

interface LabFieldsProps {
  call: LabCall
  place: LabPlace
  onCall: (part: Partial<LabCall>) => void
  onPlace: (part: Partial<LabPlace>) => void
}

/** What is called, and where. */
export function LabFields({ call, place, onCall, onPlace }: LabFieldsProps) {
  const { projects, providers } = usePolicyPlace().choices
  return (
    <>
      <SelectField label={labText.kind} value={call.kind} options={KINDS} onChange={(kind) => onCall({ kind })} />
      {call.kind === 'command' ? (
        <TextArea label={labText.command} value={call.command} onChange={(event) => onCall({ command: event.target.value })} />
      ) : (
        <>
          <Field
            label={labText.tool}
            value={call.tool}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => onCall({ tool: event.target.value })}
          />
          <TextArea label={labText.input} rows={3} value={call.input} onChange={(event) => onCall({ input: event.target.value })} />
        </>
      )}
      <div className={styles.pair}>
        <SelectField
          label={labText.project}
          value={place.projectId}
          options={projects.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(projectId) => onPlace({ projectId })}
        />
        {place.provider !== null && (
          <SelectField
            label={labText.provider}
            value={place.provider}
            options={providers.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(provider) => onPlace({ provider })}
          />
        )}
        <SelectField label={labText.mode} value={place.mode} options={MODES} onChange={(mode) => onPlace({ mode })} />
      </div>
    </>
  )
}
