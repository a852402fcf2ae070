import { ProviderId } from '#protocol/ids'
import type { ModelOption } from '#protocol/providers'
import type { Cage } from '../../cage/cage.ts'
import type { Provider } from '../provider.ts'
import { AgentUnavailableError } from '../provider-errors.ts'
import type { AdapterLogger } from './adapter-logger.ts'
import { CLAUDE_CAPABILITIES, CLAUDE_MODES, DEFAULT_MODELS, modelOptionsOf } from './claude-catalogue.ts'
import { findClaude, loadClaudeSdk } from './claude-installation.ts'
import { describeCall } from './describe-call.ts'
import { openClaudeAgent } from './open-claude-agent.ts'

export interface ClaudeProviderDeps {
  /** What the agents' processes may see of the server's environment; nothing else reaches them. */
  environment: Record<string, string>
  /** An own Claude Code instead of the one that comes with the SDK. */
  cliPath?: string
  logger: AdapterLogger
  /** What its processes are started in. */
  cage: Cage
  /** How often a failed request to the model is tried again; at most 10. */
  maxRetries?: number
}

/** Claude Code through the Claude Agent SDK, which is optional: it is looked for, loaded when first needed and never assumed. */
export function createClaudeProvider(deps: ClaudeProviderDeps): Provider {
  const id = ProviderId.parse('claude')
  const learnt: { models: ModelOption[]; version: string | null } = { models: DEFAULT_MODELS, version: null }
  return {
    id,
    capabilities: CLAUDE_CAPABILITIES,
    describeCall,
    prepare: async () => {
      // Where it is missing, describe() and open() say so.
      if (findClaude(deps.cliPath).lacks === null) await loadClaudeSdk().catch(() => undefined)
    },
    describe: async () => {
      const { version, lacks } = findClaude(deps.cliPath)
      return {
        id,
        name: 'Claude Code',
        version: version ?? learnt.version,
        ready: lacks === null,
        lacks,
        models: learnt.models,
        modes: CLAUDE_MODES,
        capabilities: CLAUDE_CAPABILITIES,
      }
    },
    open: async (agent, host) => {
      const { lacks } = findClaude(deps.cliPath)
      if (lacks !== null) throw new AgentUnavailableError(lacks)
      const sdk = await loadClaudeSdk()
      const { environment, cliPath, maxRetries, logger, cage } = deps
      const opened = await openClaudeAgent({ sdk, providerId: id, environment, cliPath, maxRetries, logger, cage, agent, host })
      learnt.models = modelOptionsOf(opened.initialization)
      learnt.version = opened.initialization.claude_code_version ?? null
      return opened.agent
    },
  }
}
