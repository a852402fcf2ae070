import type { ModelOption, ModeOption, PermissionMode, ProviderStatus } from '#protocol/providers'
import { Select } from '../../ui/select.tsx'
import { newSessionText } from './text-composer.ts'

interface AgentPickerProps {
  value: string
  options: readonly ProviderStatus[]
  onChange: (id: string) => void
}

/** Which agent. One that is not ready cannot be started, and says so. */
export function AgentPicker({ value, options, onChange }: AgentPickerProps) {
  const choices = options.map(({ id, name, ready }) => ({ value: String(id), label: ready ? name : newSessionText.notReady(name) }))
  return <Select edged label={newSessionText.agent} value={value} options={choices} onChange={onChange} />
}

interface ModePickerProps {
  value: PermissionMode
  options: readonly ModeOption[]
  onChange: (mode: PermissionMode) => void
}

/** How much the agent may do by itself. */
export function ModePicker({ value, options, onChange }: ModePickerProps) {
  const choices = options.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Select
      edged
      label={newSessionText.mode}
      title={options.find((option) => option.id === value)?.description}
      value={value}
      options={choices}
      onChange={onChange}
    />
  )
}

interface ModelPickerProps {
  /** Null: the agent's default. */
  value: string | null
  options: readonly ModelOption[]
  onChange: (model: string | null) => void
}

/** Which model. */
export function ModelPicker({ value, options, onChange }: ModelPickerProps) {
  const choices = [{ value: '', label: newSessionText.defaultModel }, ...options.map(({ id, name }) => ({ value: id, label: name }))]
  return (
    <Select
      edged
      label={newSessionText.model}
      value={value ?? ''}
      options={choices}
      onChange={(model) => onChange(model === '' ? null : model)}
    />
  )
}
