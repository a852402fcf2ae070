import type { Query } from '@anthropic-ai/claude-agent-sdk'
import type { PermissionMode } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'
import type { Agent, AgentHost, CloseReason, PromptInput } from '../provider.ts'
import { AgentUnavailableError } from '../provider-errors.ts'
import type { AdapterLogger } from './adapter-logger.ts'
import type { ClaudeProcess } from './claude-process.ts'
import { type Conversation, headOf, nativeModeOf, stateEvents, type TurnFailure } from './conversation.ts'
import { nativePrompt, promptContent, type PromptInbox } from './prompt-inbox.ts'
import { type FollowUp, translateMessage } from './translate-message.ts'
import { translateExit } from './translate-turns.ts'

/** How long the agent may take to end a turn that was stopped, before what it runs is ended for it. */
const INTERRUPT_MS = 900
/** How long it may take after that, before its own process is ended. */
const INTERRUPT_GRACE_MS = 2_000
/** How long an approval may wait for the event of its tool call. */
const TOLD_MS = 1_000
/** How long the agent may take to end by itself. */
const CLOSE_MS = 3_000

export interface ClaudeAgentParts {
  conversation: Conversation
  query: Query
  process: ClaudeProcess
  inbox: PromptInbox
  host: AgentHost
  logger: AdapterLogger
  /** Aborted when the process is gone, so that nobody waits for an answer that cannot arrive any more. */
  ended: AbortController
}

/** One session's Claude Code: a process that is kept between turns. */
export class ClaudeAgent implements Agent {
  readonly #parts: ClaudeAgentParts
  /** What waits until the conversation has got somewhere; asked after every message. */
  readonly #waiting = new Set<() => boolean>()
  #isExpectedToEnd = false
  #closing: Promise<void> | null = null
  #isGone = false
  #brokeOff: unknown = null
  readonly #gone = Promise.withResolvers<undefined>()

  constructor(parts: ClaudeAgentParts) {
    this.#parts = parts
  }

  async prompt(prompt: PromptInput): Promise<void> {
    this.#assertRunning()
    const { conversation, inbox } = this.#parts
    conversation.prompts.set(prompt.messageId, { messageId: prompt.messageId, content: promptContent(prompt), isStarted: false })
    inbox.push(nativePrompt(prompt))
  }

  /**
   * What is queued behind the stopped turn stays queued and runs next, as the agent does it. Commands that the turn put
   * into the background end with it; where no turn runs, it is the work in the background that is meant.
   */
  async interrupt(): Promise<void> {
    const { conversation, query, logger, process } = this.#parts
    // A command overtakes a prompt on its way to the agent and would find nothing to stop.
    await this.#until(() => this.#isGone || conversation.turn !== null || conversation.prompts.size === 0, INTERRUPT_MS)
    const { turn } = conversation
    if (this.#isGone || (!turn && conversation.prompts.size === 0 && conversation.tasks.size === 0)) return
    conversation.isStopping = turn !== null
    const tasks = [...conversation.tasks.values()].filter((task) => turn === null || task.turnId === turn.id).map((task) => task.taskId)
    const isOver = () => this.#isGone || ((turn === null || conversation.turn !== turn) && !tasks.some((id) => conversation.tasks.has(id)))
    const answered = accepted([query.interrupt(), ...tasks.map((id) => query.stopTask(id))])
    const stopped = this.#until(isOver, INTERRUPT_MS + INTERRUPT_GRACE_MS)
    const done = Promise.all([answered, stopped]).then((all) => all.every(Boolean) || process.isGone)
    if ((await within(INTERRUPT_MS, done)) === true) return
    await process.killChildren()
    if ((await within(INTERRUPT_GRACE_MS, done)) === true) return
    logger.warn({ pid: process.pid }, 'Claude Code did not stop in time; its process is ended')
    await process.kill()
    await this.#gone.promise
  }

  async setModel(model: string | null): Promise<void> {
    this.#assertRunning()
    const { conversation, query } = this.#parts
    await query.setModel(model === null || model === 'default' ? undefined : model)
    if (conversation.model === model) return
    conversation.model = model
    this.#emit([{ v: 1, kind: 'session.updated', model }])
  }

  async setMode(mode: PermissionMode): Promise<void> {
    this.#assertRunning()
    await this.#setNativeMode(nativeModeOf(mode))
    this.#adoptMode(mode)
  }

  async close(_reason: CloseReason): Promise<void> {
    this.#closing ??= this.#shutDown()
    await this.#closing
  }

  /** Reads the agent's messages until its process is gone. Never rejects. */
  async run(): Promise<void> {
    const { process, query, logger } = this.#parts
    try {
      for await (const message of query) await this.#take(message)
    } catch (error) {
      // The process died or talked nonsense. Its exit, told below, says which; no message comes any more.
      this.#brokeOff = error
    }
    await process.end(CLOSE_MS)
    logger.debug({ pid: process.pid, error: this.#brokeOff }, 'Claude Code is gone')
    await this.#finish()
  }

  /** The plan was approved: the agent leaves its planning mode by our answer. */
  planApproved(mode: PermissionMode): void {
    const { conversation } = this.#parts
    if (conversation.nativeMode !== 'default') conversation.expectedModes.push('default')
    this.#adoptMode(mode)
  }

  /** Resolves when a tool call has been told, or after a moment where it never is. */
  async told(toolNativeId: string): Promise<void> {
    await this.#until(() => this.#isGone || this.#parts.conversation.openTools.has(toolNativeId), TOLD_MS)
  }

  /** Tells what no message of the agent brought. */
  tell(events: SessionEvent[]): void {
    this.#emit(events)
  }

  async #take(message: unknown): Promise<void> {
    const { conversation, host } = this.#parts
    const { events, followUps } = translateMessage(conversation, message)
    this.#emit(events)
    for (const followUp of followUps) this.#follow(followUp)
    await host.drained()
  }

  #emit(events: SessionEvent[]): void {
    for (const event of events) this.#parts.host.emit(event)
    for (const check of this.#waiting) check()
  }

  /** Runs beside the stream: the answer to it comes through the stream. */
  #follow(followUp: FollowUp): void {
    const done = followUp.do === 'interrupt' ? this.#parts.query.interrupt() : this.#setNativeMode(followUp.mode)
    void Promise.resolve(done).catch((error: unknown) => {
      this.#parts.logger.warn({ error, followUp }, 'Claude Code did not take a command')
      // What it may do without asking is unknown now, so it may do nothing.
      if (followUp.do === 'set-mode') void this.#parts.process.kill()
    })
  }

  async #setNativeMode(mode: 'default' | 'plan'): Promise<void> {
    const { conversation, query } = this.#parts
    const current = conversation.expectedModes.at(-1) ?? conversation.nativeMode
    if (current === mode) return
    conversation.expectedModes.push(mode)
    try {
      await query.setPermissionMode(mode)
    } catch (cause) {
      conversation.expectedModes.splice(conversation.expectedModes.lastIndexOf(mode), 1)
      throw new AgentUnavailableError('Claude Code did not take the permission mode. Try again, or start the session anew.', cause)
    }
  }

  #adoptMode(mode: PermissionMode): void {
    const { conversation } = this.#parts
    if (conversation.mode === mode) return
    conversation.mode = mode
    this.#emit([{ ...headOf(conversation), kind: 'session.updated', mode }])
  }

  async #shutDown(): Promise<void> {
    const { inbox, query, process } = this.#parts
    this.#isExpectedToEnd = true
    inbox.close()
    query.close()
    await process.end(CLOSE_MS)
    await this.#gone.promise
  }

  /** Tells that the agent is gone, once, and ends what it left behind. */
  async #finish(): Promise<void> {
    const { conversation, process, host, ended } = this.#parts
    const { code, signal } = await process.exited
    const wasRunning = conversation.turn !== null
    this.#isGone = true
    this.#parts.inbox.close()
    ended.abort()
    if (!this.#isExpectedToEnd) await process.endLeftovers()
    const failure = this.#isExpectedToEnd ? null : describeExit(code, signal, process.stderrTail)
    this.#emit(translateExit(conversation, failure))
    this.#emit(stateEvents(conversation, wasRunning ? 'interrupted' : 'exited'))
    this.#emit([{ v: 1, kind: 'session.exited', code, signal, stderrTail: process.stderrTail, expected: this.#isExpectedToEnd }])
    if (process.pid !== undefined) await host.processExited(process.pid)
    this.#gone.resolve(undefined)
  }

  /** Whether `condition` came true within the time; looked at after every message. */
  #until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const finish = (isTrue: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve(isTrue)
      }
      const check = () => {
        if (condition()) finish(true)
        return true
      }
      const timer = setTimeout(() => finish(false), Math.max(0, timeoutMs))
      this.#waiting.add(check)
    })
  }

  #assertRunning(): void {
    if (this.#isGone || this.#isExpectedToEnd)
      throw new AgentUnavailableError('Claude Code is not running any more. Send the prompt again to start it.')
  }
}

function describeExit(code: number | null, signal: string | null, stderrTail: string): TurnFailure {
  const how = signal === null ? `ended with exit code ${String(code)}` : `was ended by ${signal}`
  const said = stderrTail.trim().split('\n').at(-1) ?? ''
  return {
    code: 'exited',
    message: `Claude Code ${how} in the middle of the turn${said === '' ? '' : ` (${said})`}. Send the prompt again: the conversation goes on where it was.`,
  }
}

/** Resolves when all have been answered: the first must have been taken, the others may be over already. */
async function accepted([first, ...others]: [Promise<unknown>, ...Promise<unknown>[]]): Promise<boolean> {
  const [answer] = await Promise.allSettled([first, ...others])
  return answer.status === 'fulfilled'
}

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const timeout = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => timeout.resolve(undefined), timeoutMs)
  const first = await Promise.race([promise, timeout.promise])
  clearTimeout(timer)
  return first
}
