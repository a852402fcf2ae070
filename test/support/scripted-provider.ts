import { randomUUID } from 'node:crypto'
import { ProviderId, ToolCallId, TurnId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'
import type {
  Agent,
  AgentHost,
  ApprovalAsk,
  ApprovalVerdict,
  CloseReason,
  OpenAgent,
  PromptInput,
  Provider,
} from '../../src/server/providers/provider.ts'
import { describeCall } from '../../src/server/providers/claude/describe-call.ts'
import { AgentUnavailableError } from '../../src/server/providers/provider-errors.ts'
import { within } from './within.ts'

/*
 * An agent that does what the test says, behind the same port as the real ones. It stands in tests of sessions, sockets
 * and approvals, where the real agent's process would add seconds and nothing to what is tested; the tests of the
 * Claude adapter and those with a scripted model run the real one.
 */

const WAIT_MS = 10_000

/** One opened agent, in the hands of the test. */
export class ScriptedAgent implements Agent {
  readonly options: OpenAgent
  readonly host: AgentHost
  readonly modes: PermissionMode[] = []
  readonly models: (string | null)[] = []
  readonly #prompts: PromptInput[] = []
  readonly #promptWaiters: ((prompt: PromptInput) => void)[] = []
  readonly #ended = new AbortController()
  #turnId: TurnId | null = null

  constructor(options: OpenAgent, host: AgentHost) {
    this.options = options
    this.host = host
  }

  get isGone(): boolean {
    return this.#ended.signal.aborted
  }

  async prompt(prompt: PromptInput): Promise<void> {
    if (this.isGone) throw new AgentUnavailableError('The agent is gone.')
    const waiter = this.#promptWaiters.shift()
    if (waiter) waiter(prompt)
    else this.#prompts.push(prompt)
  }

  async interrupt(): Promise<void> {
    if (this.#turnId !== null) this.endTurn('stopped')
  }

  async setModel(model: string | null): Promise<void> {
    this.models.push(model)
    this.emit({ v: 1, kind: 'session.updated', model })
  }

  async setMode(mode: PermissionMode): Promise<void> {
    this.modes.push(mode)
    this.emit({ v: 1, kind: 'session.updated', mode })
  }

  async close(_reason: CloseReason): Promise<void> {
    this.exit({ code: 0, expected: true })
  }

  /** The next prompt that reaches the agent. */
  nextPrompt(): Promise<PromptInput> {
    const known = this.#prompts.shift()
    if (known) return Promise.resolve(known)
    return within(WAIT_MS, 'a prompt', new Promise((resolve) => this.#promptWaiters.push(resolve)))
  }

  emit(...events: SessionEvent[]): void {
    for (const event of events) this.host.emit(event)
  }

  /** Takes up a prompt as real agents do. */
  async startTurn(): Promise<PromptInput> {
    const prompt = await this.nextPrompt()
    this.#turnId = TurnId.parse(randomUUID())
    const content = [{ type: 'text' as const, text: prompt.text }]
    this.emit(
      { v: 1, kind: 'session.state', state: 'running' },
      { v: 1, kind: 'turn.started', turnId: this.#turnId, origin: 'user' },
      { v: 1, kind: 'user.message', messageId: prompt.messageId, content, delivery: 'started', origin: 'user' },
    )
    return prompt
  }

  endTurn(outcome: 'completed' | 'stopped' = 'completed'): void {
    const turnId = this.#turnId ?? TurnId.parse(randomUUID())
    this.#turnId = null
    this.emit({ v: 1, kind: 'turn.ended', turnId, outcome, messageIds: [] }, { v: 1, kind: 'session.state', state: 'idle' })
  }

  /** One block of text, whole. */
  say(text: string): void {
    const blockId = randomUUID()
    this.emit(
      { v: 1, kind: 'block.started', blockId, blockKind: 'text' },
      { v: 1, kind: 'block.completed', blockId, blockKind: 'text', text },
    )
  }

  /** A turn from the next prompt to its end. */
  async answer(text: string): Promise<PromptInput> {
    const prompt = await this.startTurn()
    this.say(text)
    this.endTurn()
    return prompt
  }

  /** Asks for a decision as the real adapter does: also aborted when the agent ends. */
  ask(ask: ApprovalAsk, signal?: AbortSignal): Promise<ApprovalVerdict> {
    return this.host.requestApproval(ask, AbortSignal.any([this.#ended.signal, ...(signal ? [signal] : [])]))
  }

  /** The process is gone. */
  exit({ code, expected }: { code: number; expected: boolean }): void {
    if (this.isGone) return
    this.#ended.abort()
    this.emit({ v: 1, kind: 'session.exited', code, signal: null, stderrTail: '', expected })
  }
}

/** A provider whose agents the test drives. Takes the id of the real one, since ids are all that others know of it. */
export class ScriptedProvider implements Provider {
  readonly id: ProviderId
  readonly capabilities = { editInput: true, denyMessage: true, steer: true, resume: true, images: true, questions: true, planMode: true }
  readonly describeCall = describeCall
  readonly opened: ScriptedAgent[] = []
  /** Thrown by the next opening. */
  failure: Error | null = null
  readonly #waiters: ((agent: ScriptedAgent) => void)[] = []
  readonly #untaken: ScriptedAgent[] = []

  constructor(id = 'claude') {
    this.id = ProviderId.parse(id)
  }

  async describe() {
    return {
      id: this.id,
      name: 'Scripted',
      version: '1',
      ready: true,
      lacks: null,
      models: [],
      modes: [],
      capabilities: this.capabilities,
    }
  }

  async prepare() {
    // Nothing to load.
  }

  async open(options: OpenAgent, host: AgentHost): Promise<Agent> {
    const { failure } = this
    this.failure = null
    if (failure) throw failure
    const agent = new ScriptedAgent(options, host)
    this.opened.push(agent)
    const nativeId = options.resume ?? randomUUID()
    host.emit({ v: 1, kind: 'session.updated', nativeId })
    const waiter = this.#waiters.shift()
    if (waiter) waiter(agent)
    else this.#untaken.push(agent)
    return agent
  }

  /** The next agent that is opened, or was and has not been taken. */
  nextAgent(): Promise<ScriptedAgent> {
    const known = this.#untaken.shift()
    if (known) return Promise.resolve(known)
    return within(WAIT_MS, 'an agent to be opened', new Promise((resolve) => this.#waiters.push(resolve)))
  }
}

/** A command that the agent wants to run. */
export function commandAsk(command: string, toolCallId: string = randomUUID()): ApprovalAsk {
  return {
    approvalKind: 'command',
    toolName: 'Bash',
    toolInput: { command },
    toolCallId: ToolCallId.parse(toolCallId),
    title: command,
    writes: [],
  }
}

/** A file that the agent wants to write. */
export function writeAsk(path: string, content = 'new\n'): ApprovalAsk {
  return { approvalKind: 'edit', toolName: 'Write', toolInput: { file_path: path, content }, title: path, writes: [path] }
}
