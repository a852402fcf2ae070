import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { Project } from '#protocol/projects'
import { agentModeOf } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'
import type { SessionState } from '#protocol/sessions'
import type { ApprovalSubject } from '../approvals/approval-subject.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Agent, AgentHost, ApprovalAsk, ApprovalVerdict, CloseReason, OpenAgent, Provider } from '../providers/provider.ts'
import type { AgentProcesses } from './agent-processes.ts'
import { appendSaid, modeNow } from './agent-modes.ts'
import { ShuttingDownError, TooManyAgentsError } from './session-errors.ts'
import type { SessionSummary } from './session-projection.ts'
import type { SessionRepository, SessionRow } from './session-repository.ts'
import type { SessionWriter } from './session-writer.ts'
import type { SessionWriters } from './session-writers.ts'

export interface AgentPoolDeps {
  repository: SessionRepository
  writers: SessionWriters
  processes: AgentProcesses
  logger: Logger
  provider: (id: string) => Provider
  openProject: (id: ProjectId) => Promise<Project>
  requestApproval: (subject: ApprovalSubject, ask: ApprovalAsk, signal: AbortSignal, onWaiting?: () => void) => Promise<ApprovalVerdict>
  cancelApprovals: (sessionId: SessionId, why: string) => Promise<void>
  onTurnEnded: (sessionId: SessionId) => void
  /** Names this server in the sessions that it works on. */
  instanceId: string
  clock: Clock
  idleMs: number
  maxAgents: number
}

interface LiveAgent {
  projectId: ProjectId
  provider: ProviderId
  userId: UserId
  agent: Promise<Agent>
  writer: SessionWriter
  lastUsedAt: number
  /** Background tasks that outlive a turn. */
  openTasks: Set<string>
  /** A prompt is on its way to it; its state does not say so before it takes the prompt up. */
  isExpectingPrompt: boolean
  /** It is being closed, or has ended by itself: no prompt reaches it any more. */
  isLeaving: boolean
  /** Resolves once its process is gone and the session says so. */
  gone: PromiseWithResolvers<void>
}

/** A turn ends what was allowed for the one before, even where that was decided after its end. */
const ENDS_TURN: ReadonlySet<SessionEvent['kind']> = new Set(['turn.started', 'turn.ended', 'session.exited'])
const BUSY: ReadonlySet<SessionState> = new Set(['starting', 'running', 'requires_action', 'compacting', 'retrying'])

/** The agents that run on this server: opened when needed, kept warm between turns, retired when idle. */
export class AgentPool {
  readonly #deps: AgentPoolDeps
  readonly #live = new Map<SessionId, LiveAgent>()
  #isClosing = false

  constructor(deps: AgentPoolDeps) {
    this.#deps = deps
  }

  isLive(sessionId: SessionId): boolean {
    return this.#live.has(sessionId)
  }

  /** The session's agent where one runs. */
  async find(sessionId: SessionId): Promise<Agent | undefined> {
    const live = this.#live.get(sessionId)
    return live && !live.isLeaving ? live.agent.catch(() => undefined) : undefined
  }

  /**
   * The session's agent for a prompt, started or resumed when there is none. It is not retired before it took one up.
   * @throws AgentUnavailableError | TooManyAgentsError | ProjectUnavailableError | ShuttingDownError
   */
  async ensure(row: SessionRow): Promise<Agent> {
    const live = await this.#ensureLive(row)
    live.lastUsedAt = performance.now()
    live.isExpectingPrompt = true
    return live.agent
  }

  async #ensureLive(row: SessionRow): Promise<LiveAgent> {
    for (;;) {
      if (this.#isShuttingDown()) throw new ShuttingDownError()
      const known = this.#live.get(row.id)
      if (known && !known.isLeaving) return known
      if (known) {
        // The end of the one before must be written down first, or it would be taken for the end of the next.
        await known.gone.promise
      } else if (this.#hasRoom()) {
        const writer = await this.#deps.writers.get(row.id)
        // Looked at again in the step that takes the place: others may have taken it meanwhile.
        if (!this.#live.has(row.id) && this.#hasRoom() && !this.#isShuttingDown()) return this.#open(row, writer)
      } else {
        await this.#makeRoom()
      }
    }
  }

  #hasRoom(): boolean {
    return this.#live.size < this.#deps.maxAgents
  }

  /** Ends agents that have done nothing for the idle time. Called from a timer. */
  async retireIdle(): Promise<void> {
    const before = performance.now() - this.#deps.idleMs
    const idle = [...this.#live].filter(([, live]) => live.lastUsedAt < before && !live.isLeaving && !isBusy(live))
    await Promise.all(idle.map(([sessionId]) => this.close(sessionId, 'idle')))
  }

  /** Ends the agents that run in a project; their sessions can be resumed. */
  async closeInProject(projectId: ProjectId, reason: CloseReason): Promise<void> {
    await this.#closeThose((live) => live.projectId === projectId, reason)
  }

  async close(sessionId: SessionId, reason: CloseReason): Promise<void> {
    const live = this.#live.get(sessionId)
    if (!live) return
    live.isLeaving = true
    const agent = await live.agent.catch(() => undefined)
    await agent?.close(reason)
    await live.gone.promise
  }

  /** Ends the running turn of every agent. */
  async interruptAll(): Promise<void> {
    const agents = await Promise.all([...this.#live.values()].map((live) => live.agent.catch(() => undefined)))
    await Promise.allSettled(agents.flatMap((agent) => (agent ? [agent.interrupt()] : [])))
  }

  /** Those who have agents here. */
  users(): Set<UserId> {
    return new Set([...this.#live.values()].map(({ userId }) => userId))
  }

  /** Ends the agents that a user started. */
  async closeOfUser(userId: UserId, reason: CloseReason): Promise<void> {
    await this.#closeThose((live) => live.userId === userId, reason)
  }

  /** Ends all agents; sessions with a running turn are marked interrupted. */
  async closeAll(): Promise<void> {
    this.#isClosing = true
    await Promise.all([...this.#live.keys()].map((sessionId) => this.close(sessionId, 'shutdown')))
  }

  async #closeThose(isMeant: (live: LiveAgent) => boolean, reason: CloseReason): Promise<void> {
    const those = [...this.#live].filter(([, live]) => isMeant(live))
    await Promise.all(those.map(([sessionId]) => this.close(sessionId, reason)))
  }

  #isShuttingDown(): boolean {
    return this.#isClosing
  }

  #open(row: SessionRow, writer: SessionWriter): LiveAgent {
    const { promise, resolve, reject } = Promise.withResolvers<Agent>()
    const live: LiveAgent = {
      projectId: row.project_id,
      provider: row.provider,
      userId: row.user_id,
      agent: promise,
      writer,
      lastUsedAt: performance.now(),
      openTasks: new Set(),
      isExpectingPrompt: false,
      isLeaving: false,
      gone: Promise.withResolvers(),
    }
    this.#live.set(row.id, live)
    this.#start(row, live).then(resolve, (error: unknown) => {
      this.#live.delete(row.id)
      live.gone.resolve()
      reject(error instanceof Error ? error : new Error(String(error)))
    })
    return live
  }

  async #start(row: SessionRow, live: LiveAgent): Promise<Agent> {
    const { repository, openProject, provider, instanceId } = this.#deps
    live.writer.append({ v: 1, kind: 'session.state', state: 'starting' })
    try {
      const project = await openProject(row.project_id)
      await repository.update(row.id, { owner: instanceId })
      const kind = provider(row.provider)
      const options = openOptions(row, project, live.writer.summary)
      const agent = await kind.open(options, this.#host(row, live, project, kind.capabilities.editInput))
      if (live.writer.summary.state === 'starting') live.writer.append({ v: 1, kind: 'session.state', state: 'idle' })
      return agent
    } catch (error) {
      await repository.update(row.id, { owner: null })
      live.writer.append({ v: 1, kind: 'session.state', state: 'exited' })
      throw error
    }
  }

  #host(row: SessionRow, live: LiveAgent, { path: cwd, trusted }: Project, canEditInput: boolean): AgentHost {
    const { processes, requestApproval, clock } = this.#deps
    const { id: sessionId, user_id: userId, project_id: projectId, provider } = row
    return {
      emit: (event) => {
        this.#take(sessionId, live, event)
      },
      drained: () => live.writer.drained(),
      requestApproval: (ask, signal, onWaiting) => {
        const place = { sessionId, userId, projectId, provider, cwd, trusted, canEditInput }
        return requestApproval({ ...place, ...modeNow(live.writer.summary, clock.now()) }, ask, signal, onWaiting)
      },
      processStarted: (process) => processes.record(sessionId, process),
      processExited: (pid) => processes.forget(pid),
    }
  }

  #take(sessionId: SessionId, live: LiveAgent, event: SessionEvent): void {
    live.lastUsedAt = performance.now()
    if (event.kind === 'turn.started' || (event.kind === 'user.message' && event.delivery !== 'queued')) live.isExpectingPrompt = false
    if (event.kind === 'task.started') live.openTasks.add(event.taskId)
    if (event.kind === 'task.ended') live.openTasks.delete(event.taskId)
    if (ENDS_TURN.has(event.kind)) this.#deps.onTurnEnded(sessionId)
    const { state } = live.writer.summary
    appendSaid(live.writer, event, { sessionId, provider: live.provider, at: this.#deps.clock.now() })
    if (event.kind !== 'session.exited') return
    live.isLeaving = true
    // The adapter may have said so itself.
    const endState = BUSY.has(state) || state === 'interrupted' ? 'interrupted' : 'exited'
    this.#afterExit(sessionId, live, endState).catch((error: unknown) => {
      this.#deps.logger.error({ err: error, sessionId }, 'the end of an agent could not be recorded')
    })
  }

  async #afterExit(sessionId: SessionId, live: LiveAgent, endState: 'interrupted' | 'exited'): Promise<void> {
    const { repository, cancelApprovals } = this.#deps
    try {
      await cancelApprovals(sessionId, 'the agent has ended')
      if (live.writer.summary.state !== endState) live.writer.append({ v: 1, kind: 'session.state', state: endState })
      await repository.update(sessionId, { owner: null })
      await live.writer.flushed()
    } finally {
      if (this.#live.get(sessionId) === live) this.#live.delete(sessionId)
      live.gone.resolve()
    }
  }

  /** Retires the agent that was idle longest when there are as many as may be. */
  async #makeRoom(): Promise<void> {
    const leaving = [...this.#live.values()].find((live) => live.isLeaving)
    if (leaving) return leaving.gone.promise
    const idle = [...this.#live].filter(([, live]) => !isBusy(live)).sort(([, a], [, b]) => a.lastUsedAt - b.lastUsedAt)
    const [oldest] = idle
    if (!oldest) throw new TooManyAgentsError(this.#deps.maxAgents)
    await this.close(oldest[0], 'idle')
  }
}

function openOptions(row: SessionRow, project: Project, { nativeId, mode }: SessionSummary): OpenAgent {
  return {
    sessionId: row.id,
    cwd: project.path,
    ...(nativeId === null ? {} : { resume: nativeId }),
    model: row.model,
    // Skipping approvals is the gate's doing: no agent is ever started with a flag for it.
    mode: agentModeOf(mode),
    ...(row.thinking === null ? {} : { thinking: row.thinking === 1 }),
    trusted: project.trusted,
  }
}

function isBusy(live: LiveAgent): boolean {
  return live.isExpectingPrompt || live.openTasks.size > 0 || BUSY.has(live.writer.summary.state)
}
