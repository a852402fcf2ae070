import type { ApprovalRequest } from '#protocol/approvals'
import type { MessageId, ProviderId, SessionId, ToolCallId } from '#protocol/ids'
import type { Attachment } from '#protocol/messages'
import type { AgentMode, Capabilities, ProviderStatus } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'

/*
 * The port that every coding agent is driven through. Nothing outside an adapter's folder knows its native messages:
 * the adapter turns them into session events, asks for approvals through its host, and obeys five commands.
 */

/** A kind of agent. One object for the life of the server; cheap until something is opened. */
export interface Provider {
  readonly id: ProviderId
  readonly capabilities: Capabilities
  /** Loads what the first session would otherwise wait for. Called when somebody connects; never throws. */
  prepare(): Promise<void>
  /** Whether it can run here and what it offers. Never throws; what is missing is told in `lacks`. */
  describe(): Promise<ProviderStatus>
  /** A call of one of the agent's tools as its adapter would ask about it, for trying out the policy. */
  describeCall(toolName: string, toolInput: Record<string, unknown>, cwd: string): ApprovalAsk
  /**
   * Makes an agent for one session. Resolves once the agent accepts prompts.
   * @throws AgentUnavailableError when the binary or the package is missing or the process dies at once
   */
  open(options: OpenAgent, host: AgentHost): Promise<Agent>
}

export interface OpenAgent {
  sessionId: SessionId
  /** Absolute path of the project's folder; exists. */
  cwd: string
  /** The agent's own id of an earlier conversation to go on with. */
  resume?: string
  /** Null: the agent's default. */
  model: string | null
  mode: AgentMode
  thinking?: boolean
  /** Whether the folder's own settings, hooks, MCP servers and instructions may be loaded. */
  trusted: boolean
}

export interface PromptInput {
  /** A UUID, ours: the agent reports what became of the prompt under it. */
  messageId: MessageId
  text: string
  attachments: Attachment[]
}

/** A running agent. Every method may be called at any time, also after the process died; then it is a no-op or throws AgentUnavailableError. */
export interface Agent {
  /** Hands a prompt over. While a turn runs it is queued or folded into it; `user.message` tells which. */
  prompt(prompt: PromptInput): Promise<void>
  /** Ends the running turn; what it was running is dead within a second. Resolves when the turn has ended. */
  interrupt(): Promise<void>
  setModel(model: string | null): Promise<void>
  setMode(mode: AgentMode): Promise<void>
  /** Ends the agent and its process tree. Resolves when they are gone; `session.exited` has been emitted by then. */
  close(reason: CloseReason): Promise<void>
}

export type CloseReason = 'idle' | 'shutdown' | 'removed' | 'settings-changed'

/** What an adapter may do to the rest of the server. */
export interface AgentHost {
  /** Appends an event to the session's log. Order is kept. Cheap; never throws. */
  emit(event: SessionEvent): void
  /** Resolves when the log has caught up enough to take more. An adapter awaits it before it reads the agent's next message. */
  drained(): Promise<void>
  /**
   * Asks for a decision. Resolves exactly once, whatever happens; an abort of `signal` cancels the request.
   * @param onWaiting called once the request waits for a person; not where a rule decides
   */
  requestApproval(ask: ApprovalAsk, signal: AbortSignal, onWaiting?: () => void): Promise<ApprovalVerdict>
  /** Records a child process, so that it is found and ended should this server die. Await it before any prompt. */
  processStarted(process: AgentProcess): Promise<void>
  processExited(pid: number): Promise<void>
}

export interface AgentProcess {
  pid: number
  /** The executable, for a person who reads the table. */
  command: string
  /** The value of `AI_CODE_UI_AGENT` in its environment and its children's, where it has one. */
  mark?: string
}

/** A tool call that the agent wants to make. */
export interface ApprovalAsk {
  approvalKind: ApprovalRequest['approvalKind']
  toolName: string
  toolInput: Record<string, unknown>
  toolCallId?: ToolCallId
  agentId?: string
  /** Where relative paths of the call begin, absolute; absent where that is the project's folder. */
  cwd?: string
  /** One line, such as the command. */
  title: string
  /** The agent's own words. */
  description?: string
  /** Why the agent's own rules made it ask, where it says so. */
  reason?: string
  /** Absolute paths that the call writes to, as far as the adapter can tell. */
  writes: string[]
  /** Absolute paths that the call reads, as far as the adapter can tell. */
  reads?: string[]
  /** True for a tool that by its nature only looks, such as reading a file or searching; never for a command. */
  onlyReads?: boolean
}

export type ApprovalVerdict =
  | {
      outcome: 'allowed'
      /** What is to run: the stored input, or a person's edit of it. */
      input: Record<string, unknown>
      edited: boolean
      /** For an approved plan: the mode to go on in. */
      nextMode?: AgentMode
    }
  | {
      outcome: 'denied' | 'timed-out' | 'cancelled'
      /** A sentence for the agent. */
      message: string
    }
