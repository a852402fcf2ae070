import type { CanUseTool, PermissionResult } from '@anthropic-ai/claude-agent-sdk'
import type { PermissionMode } from '#protocol/providers'
import type { AgentHost, ApprovalAsk, ApprovalVerdict } from '../provider.ts'
import { type Conversation, toolCallIdOf } from './conversation.ts'
import { approvalKindOf, toolTitle, writesOf } from './tool-catalogue.ts'

type AskOptions = Parameters<CanUseTool>[2]
type Input = Record<string, unknown>

export interface ApprovalGateDeps {
  conversation: Conversation
  host: Pick<AgentHost, 'requestApproval'>
  /** Aborted when the agent's process is gone. */
  ended: AbortSignal
  /** Resolves when the call has been told as an event, or soon after where it never is. */
  told: (toolNativeId: string) => Promise<void>
  /** The plan was approved: the session goes on in this mode. */
  planApproved: (mode: PermissionMode) => void
}

/**
 * Answers the agent's question whether a tool may run. What the agent suggests to remember is never handed back: its
 * suggestions switch the whole session to accepting edits, and rules are the server's to keep.
 */
export function createApprovalGate(deps: ApprovalGateDeps): CanUseTool {
  const { conversation, host, ended } = deps
  return async (toolName, input, options) => {
    await deps.told(options.toolUseID)
    const ask = describeAsk(conversation, { toolName, input, options })
    conversation.pendingAsks += 1
    let verdict: ApprovalVerdict
    try {
      verdict = await host.requestApproval(ask, AbortSignal.any([options.signal, ended]))
    } finally {
      conversation.pendingAsks -= 1
    }
    if (verdict.outcome !== 'allowed') {
      if (verdict.outcome !== 'cancelled') conversation.declined.add(options.toolUseID)
      return { behavior: 'deny', message: verdict.message }
    }
    if (toolName !== 'ExitPlanMode') return { behavior: 'allow', updatedInput: verdict.input }
    return approvedPlan(deps, verdict, input)
  }
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

function describeAsk(
  conversation: Conversation,
  { toolName, input, options }: { toolName: string; input: Input; options: AskOptions },
): ApprovalAsk {
  const toolInput = toolName === 'ExitPlanMode' ? withPlan(conversation, input, options.toolUseID) : input
  return {
    approvalKind: approvalKindOf(toolName),
    toolName,
    toolInput,
    toolCallId: toolCallIdOf(options.toolUseID),
    ...(options.agentID === undefined ? {} : { agentId: options.agentID }),
    title: toolTitle(toolName, toolInput, conversation.cwd),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.decisionReason === undefined ? {} : { reason: options.decisionReason }),
    writes: writesOf(toolName, toolInput, conversation.cwd),
  }
}

/** A plan that the model passed along instead of writing it to its file is dropped by the agent; the person shall see it. */
function withPlan(conversation: Conversation, input: Input, toolNativeId: string): Input {
  const said = conversation.openTools.get(toolNativeId)?.input.plan
  return typeof input.plan === 'string' || typeof said !== 'string' ? input : { ...input, plan: said }
}
