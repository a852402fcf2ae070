import type { Capabilities, ModelOption, ModeOption } from '#protocol/providers'
import type { KnownModel } from './conversation.ts'
import type { Initialization } from './native-messages.ts'

export const CLAUDE_MODES: ModeOption[] = [
  { id: 'default', name: 'Ask', description: 'Asks before anything that changes something.' },
  { id: 'acceptEdits', name: 'Accept edits', description: 'Edits files in the project without asking; asks before anything else.' },
  { id: 'plan', name: 'Plan', description: 'Reads and plans, and asks you to approve the plan before it changes anything.' },
]

export const CLAUDE_CAPABILITIES: Capabilities = {
  editInput: true,
  denyMessage: true,
  steer: true,
  resume: true,
  images: true,
  questions: true,
  planMode: true,
}

/** Offered until an agent has told which models this account may use. */
export const DEFAULT_MODELS: ModelOption[] = [
  { id: 'default', name: 'Default', description: 'What Claude Code recommends for this account' },
  { id: 'opus', name: 'Opus', description: 'For complex tasks' },
  { id: 'sonnet', name: 'Sonnet', description: 'For routine tasks' },
  { id: 'haiku', name: 'Haiku', description: 'For quick answers' },
]

export function modelOptionsOf(initialization: Initialization): ModelOption[] {
  const options = initialization.models.map(({ value, displayName, description }) => ({ id: value, name: displayName, description }))
  return options.length > 0 ? options : DEFAULT_MODELS
}

export function knownModelsOf(initialization: Initialization): KnownModel[] {
  return initialization.models.map(({ value, resolvedModel }) => ({ id: value, resolved: resolvedModel ?? null }))
}
