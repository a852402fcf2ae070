import * as z from 'zod/mini'
import { ProviderId } from './ids.ts'

/** A model that a provider offers; `id` is what the agent understands. */
export const ModelOption = z.object({ id: z.string(), name: z.string(), description: z.optional(z.string()) })
export type ModelOption = z.infer<typeof ModelOption>

/** A mode that an agent knows of; ids are ours and mean the same for every provider. */
export const AgentMode = z.enum(['default', 'acceptEdits', 'plan'])
export type AgentMode = z.infer<typeof AgentMode>

/**
 * A permission mode of a session. `bypassPermissions` ("skip approvals") always has an end and is our gate's alone: the
 * agent goes on asking and never hears of it.
 */
export const PermissionMode = z.enum([...AgentMode.options, 'bypassPermissions'])
export type PermissionMode = z.infer<typeof PermissionMode>

/** The mode in which the agent itself is while its session is in `mode`. */
export function agentModeOf(mode: PermissionMode): AgentMode {
  return mode === 'bypassPermissions' ? 'default' : mode
}

/** For how long approvals may be skipped, in minutes. */
export const ModeMinutes = z.int().check(z.minimum(1), z.maximum(480))

/** Where nothing else is asked for. */
export const DEFAULT_MODE_MINUTES = 30

export const ModeOption = z.object({ id: PermissionMode, name: z.string(), description: z.string() })
export type ModeOption = z.infer<typeof ModeOption>

/** What an agent can do; the screens ask this and never the provider's name. */
export const Capabilities = z.object({
  /** A decision may change the tool's input. */
  editInput: z.boolean(),
  /** A denial's reason reaches the agent. */
  denyMessage: z.boolean(),
  /** A prompt sent during a turn joins it. */
  steer: z.boolean(),
  /** A stopped session goes on where it was. */
  resume: z.boolean(),
  images: z.boolean(),
  questions: z.boolean(),
  planMode: z.boolean(),
})
export type Capabilities = z.infer<typeof Capabilities>

export const ProviderStatus = z.object({
  id: ProviderId,
  name: z.string(),
  version: z.nullable(z.string()),
  ready: z.boolean(),
  /** Where not ready: what it lacks and how to get it, as a sentence. */
  lacks: z.nullable(z.string()),
  models: z.array(ModelOption),
  modes: z.array(ModeOption),
  capabilities: Capabilities,
})
export type ProviderStatus = z.infer<typeof ProviderStatus>
