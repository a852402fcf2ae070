import type { Options, SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk'
import type { OpenAgent } from '../provider.ts'
import type { ApprovalGate } from './approval-gate.ts'
import { nativeModeOf } from './conversation.ts'

/** A person may take days; beyond 2^31 milliseconds a timer would fire at once. */
const HOOK_TIMEOUT_SECONDS = 2_000_000

export interface QuerySetup {
  agent: OpenAgent
  resume: string | undefined
  environment: Record<string, string>
  cliPath: string | undefined
  gate: ApprovalGate
  spawn: (command: SpawnOptions) => SpawnedProcess
}

/** How the SDK is asked to run Claude Code: as Claude Code itself, asking us before it acts, and loading a folder's settings only where it is trusted. */
export function queryOptions({ agent, resume, environment, cliPath, gate, spawn }: QuerySetup): Options {
  return {
    cwd: agent.cwd,
    env: environment,
    includePartialMessages: true,
    forwardSubagentText: true,
    // Without the preset the model is told to be a bare agent, not Claude Code.
    systemPrompt: { type: 'preset', preset: 'claude_code' },
    // An untrusted folder's hooks and MCP servers would run without being asked for.
    settingSources: agent.trusted ? ['user', 'project', 'local'] : [],
    strictMcpConfig: !agent.trusted,
    permissionMode: nativeModeOf(agent.mode),
    // Otherwise a classifier denies commands while planning, and nobody is asked.
    settings: { useAutoModeDuringPlan: false },
    thinking: agent.thinking === false ? { type: 'disabled' } : { type: 'adaptive', display: 'summarized' },
    canUseTool: gate.canUseTool,
    // A call about which nobody could be asked does not run.
    hooks: { PreToolUse: [{ hooks: [gate.beforeTool], timeout: HOOK_TIMEOUT_SECONDS, onFailure: 'block' }] },
    spawnClaudeCodeProcess: spawn,
    ...(agent.model === null || agent.model === 'default' ? {} : { model: agent.model }),
    ...(resume === undefined ? {} : { resume }),
    ...(cliPath === undefined ? {} : { pathToClaudeCodeExecutable: cliPath }),
  }
}
