import type { CanUseTool, HookCallback, HookJSONOutput, PermissionResult, PreToolUseHookInput } from '@anthropic-ai/claude-agent-sdk'
import { lstat } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import * as z from 'zod/mini'
import type { PermissionMode } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'
import { canonicalJson } from '../../platform/canonical-json.ts'
import type { AgentHost, ApprovalAsk, ApprovalVerdict } from '../provider.ts'
import { type Conversation, toolCallIdOf } from './conversation.ts'
import { approvalKindOf, onlyReadsOf, readsOf, toolTitle, writesOf } from './tool-catalogue.ts'
import { workEvents } from './translate-session.ts'

type Input = Record<string, unknown>

const InputObject = z.record(z.string(), z.unknown())

export interface ApprovalGateDeps {
  conversation: Conversation
  host: Pick<AgentHost, 'requestApproval'>
  /** Where the agent keeps its plans, absolute. */
  plansDirectory: string
  /** Aborted when the agent's process is gone. */
  ended: AbortSignal
  /** Tells events that no message of the agent brought. */
  emit: (events: SessionEvent[]) => void
  /** Resolves when the call has been told as an event, or soon after where it never is. */
  told: (toolNativeId: string) => Promise<void>
  /** The plan was approved: the session goes on in this mode. */
  planApproved: (mode: PermissionMode) => void
}

/** The two places at which the agent asks. */
export interface ApprovalGate {
  /** Runs before every tool call, of sub-agents too, before rules and hooks of a folder can let it through. */
  beforeTool: HookCallback
  /** Asked what runs in the end, after hooks of a folder had their say. */
  canUseTool: CanUseTool
}

interface Call {
  toolName: string
  input: Input
  nativeId: string
  signal: AbortSignal
  agentId?: string | undefined
  cwd?: string | undefined
  description?: string | undefined
  reason?: string | undefined
}

/** A plan's text is known only when the agent asks for its approval, and by itself it runs nothing. */
const PLAN = 'ExitPlanMode'

/**
 * Decides every tool call before it runs. The hook asks the host and makes the agent ask again (`ask` outweighs whatever
 * rules and hooks of a trusted folder allow), so that what runs in the end is seen: another input than the one that was
 * allowed is another call. What the agent suggests to remember is never handed back: rules are the server's to keep.
 */
export function createApprovalGate(deps: ApprovalGateDeps): ApprovalGate {
  const { conversation } = deps
  return {
    beforeTool: async (hookInput, toolUseId, { signal }) => {
      if (hookInput.hook_event_name !== 'PreToolUse' || hookInput.tool_name === PLAN) return {}
      const call = callBefore(hookInput, toolUseId, signal)
      conversation.allowed.delete(call.nativeId)
      const verdict = await decide(deps, call)
      if (verdict.outcome !== 'allowed') return hookAnswer('deny', verdict.message)
      conversation.allowed.set(call.nativeId, { asked: canonicalJson(call.input), input: verdict.input })
      return hookAnswer('ask', 'The decision was made.')
    },
    canUseTool: async (toolName, input, options) => {
      const allowed = conversation.allowed.get(options.toolUseID)
      if (allowed?.asked === canonicalJson(input)) return { behavior: 'allow', updatedInput: allowed.input }
      const { toolUseID: nativeId, signal, agentID: agentId, description, decisionReason: reason } = options
      const verdict = await decide(deps, { toolName, input, nativeId, signal, agentId, description, reason })
      if (verdict.outcome !== 'allowed') return { behavior: 'deny', message: verdict.message }
      return toolName === PLAN ? approvedPlan(deps, verdict, input) : { behavior: 'allow', updatedInput: verdict.input }
    },
  }
}

async function decide(deps: ApprovalGateDeps, call: Call): Promise<ApprovalVerdict> {
  const { conversation, host, ended } = deps
  await deps.told(call.nativeId)
  const waiting = new Set<string>()
  const wait = () => {
    waiting.add(call.nativeId)
    conversation.pendingAsks += 1
    deps.emit(workEvents(conversation))
  }
  try {
    const verdict = await host.requestApproval(await askOf(deps, call), AbortSignal.any([call.signal, ended]), wait)
    if (verdict.outcome === 'denied' || verdict.outcome === 'timed-out') conversation.declined.add(call.nativeId)
    return verdict
  } finally {
    if (waiting.size > 0) {
      conversation.pendingAsks -= waiting.size
      deps.emit(workEvents(conversation))
    }
  }
}

function callBefore(hookInput: PreToolUseHookInput, toolUseId: string | undefined, signal: AbortSignal): Call {
  const { tool_name: toolName, tool_use_id: nativeId, agent_id: agentId, cwd } = hookInput
  const input = InputObject.safeParse(hookInput.tool_input)
  return { toolName, input: input.success ? input.data : {}, nativeId: toolUseId ?? nativeId, signal, agentId, cwd }
}

function hookAnswer(permissionDecision: 'ask' | 'deny', permissionDecisionReason: string): HookJSONOutput {
  return { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason } }
}

function approvedPlan(deps: ApprovalGateDeps, verdict: Extract<ApprovalVerdict, { outcome: 'allowed' }>, asked: Input): PermissionResult {
  const mode = verdict.nextMode === 'acceptEdits' ? 'acceptEdits' : 'default'
  deps.planApproved(mode)
  return {
    behavior: 'allow',
    // Only a person's edit is a new plan; the agent would take anything else for one, too.
    updatedInput: verdict.edited ? verdict.input : asked,
    updatedPermissions: [{ type: 'setMode', mode: 'default', destination: 'session' }],
  }
}

async function askOf(deps: ApprovalGateDeps, { toolName, input, nativeId, agentId, cwd, description, reason }: Call): Promise<ApprovalAsk> {
  const { conversation } = deps
  const toolInput = toolName === PLAN ? withPlan(conversation, input, nativeId) : input
  const from = cwd ?? conversation.cwd
  return {
    approvalKind: approvalKindOf(toolName),
    toolName,
    toolInput,
    toolCallId: toolCallIdOf(nativeId),
    ...(agentId === undefined ? {} : { agentId }),
    ...(from === conversation.cwd ? {} : { cwd: from }),
    title: toolTitle(toolName, toolInput, conversation.cwd),
    ...descriptionOf(input, description),
    ...(reason === undefined || reason === '' ? {} : { reason }),
    reads: readsOf(toolName, toolInput, from),
    ...(await writingOf(deps, toolName, toolInput, from)),
  }
}

/** What the call writes. While it plans, the agent's own plan is part of the conversation: it is shown when it is offered. */
async function writingOf({ conversation, plansDirectory }: ApprovalGateDeps, toolName: string, input: Input, from: string) {
  const writes = writesOf(toolName, input, from)
  const [path] = writes
  const isPlan =
    conversation.mode === 'plan' &&
    path !== undefined &&
    dirname(path) === plansDirectory &&
    extname(path) === '.md' &&
    (await isOrdinary(path))
  if (isPlan) return { approvalKind: 'tool' as const, writes: [], onlyReads: true }
  return { writes, onlyReads: onlyReadsOf(toolName, input) }
}

/** Whether there is nothing yet or a plain file: no link that leads elsewhere. */
async function isOrdinary(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found === null || (found.isFile() && found.nlink === 1)
}

/** The agent's own words about the call: as it was told to us, or as the call itself holds them. */
function descriptionOf(input: Input, said: string | undefined): { description?: string } {
  const words = said ?? input.description
  return typeof words === 'string' && words !== '' ? { description: words } : {}
}

/** A plan that the model passed along instead of writing it to its file is dropped by the agent; the person shall see it. */
function withPlan(conversation: Conversation, input: Input, toolNativeId: string): Input {
  const said = conversation.openTools.get(toolNativeId)?.input.plan
  return typeof input.plan === 'string' || typeof said !== 'string' ? input : { ...input, plan: said }
}
