import * as z from 'zod/mini'
import { ProviderId } from './ids.ts'

/** A model that a provider offers; `id` is what the agent understands. */
export const ModelOption = z.object({ id: z.string(), name: z.string(), description: z.optional(z.string()) })
export type ModelOption = z.infer<typeof ModelOption>

/** A permission mode; ids are ours and mean the same for every provider. */
export const PermissionMode = z.enum(['default', 'acceptEdits', 'plan'])
export type PermissionMode = z.infer<typeof PermissionMode>

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
