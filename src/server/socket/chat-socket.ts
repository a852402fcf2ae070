import * as z from 'zod/mini'
import type { ApprovalService } from '../approvals/approval-service.ts'
import { permissionRequestType } from '#protocol/approvals'
import type { Problem } from '#protocol/errors'
import { ClientId, RequestId, SessionId } from '#protocol/ids'
import { ClientMessage } from '#protocol/messages'
import { authorize } from '../http/authorize.ts'
import { MESSAGE_RULES } from '../http/permission-table.ts'
import { readsAll } from '../http/reach.ts'
import { invalidFields, toProblem } from '../http/problem.ts'
import { isRefusal, type OnRefusal } from '../http/refusal.ts'
import { CLOSE_FLOODING, type SocketConnection } from '../http/socket-connection.ts'
import type { SocketEndpoint } from '../http/websocket.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import { hasTwinKeys, isTooComplex } from '../platform/json-shape.ts'
import type { Logger } from '../platform/logger.ts'
import { ALL_SESSIONS, EVERYONE, ownSessionsTopic, userTopic } from '../platform/topics.ts'
import type { SessionAccess } from '../sessions/session-access.ts'
import type { FrameSink, SessionFollower } from '../sessions/session-follower.ts'
import type { SessionService } from '../sessions/session-service.ts'
import { MESSAGE_LIMITS, type MessageBudget, UserBudgets } from './message-limits.ts'

const MAX_FOLLOWED_SESSIONS = 200

export interface ChatSocketDeps {
  bus: EventBus
  clock: Clock
  logger: Logger
  sessions: SessionService
  access: SessionAccess
  approvals: ApprovalService
  /** Called for each connection: somebody is about to work. */
  onConnect: () => void
  onRefusal: OnRefusal
  follow: (sessionId: SessionId, afterSeq: number, sink: FrameSink) => SessionFollower
}

type MessageOf<Type extends ClientMessage['type']> = Extract<ClientMessage, { type: Type }>

/** The `/ws` endpoint: chat and approvals of one user on one connection. */
export function createChatSocket(deps: ChatSocketDeps): SocketEndpoint {
  const budgets = new UserBudgets(deps.clock)
  return {
    path: '/ws',
    open(connection) {
      deps.onConnect()
      const chat = new ChatConnection(connection, deps, budgets.forConnection(connection.principal.user.id))
      return (text) => {
        chat.take(text)
      }
    },
  }
}

class ChatConnection {
  readonly #connection: SocketConnection
  readonly #deps: ChatSocketDeps
  readonly #followed = new Map<SessionId, SessionFollower>()
  /** The newest wish to follow each session whose right to do so is being looked up. */
  readonly #wishes = new Map<SessionId, symbol>()
  readonly #budget: MessageBudget
  #violations = 0

  constructor(connection: SocketConnection, deps: ChatSocketDeps, budget: MessageBudget) {
    this.#connection = connection
    this.#deps = deps
    this.#budget = budget
    const send = (frame: string) => {
      connection.send(frame)
    }
    const { principal } = connection
    // A change of role closes the connection, so that what it may read stays as it was.
    const sessionsTopic = readsAll(principal) ? ALL_SESSIONS : ownSessionsTopic(principal.user.id)
    const leaves = [EVERYONE, userTopic(principal.user.id), sessionsTopic].map((topic) => deps.bus.subscribe(topic, send))
    connection.onClose(() => {
      for (const leave of leaves) leave()
      for (const follower of this.#followed.values()) follower.stop()
    })
    this.#sendPending().catch((error: unknown) => {
      deps.logger.error({ err: error }, 'pending approvals could not be sent')
    })
  }

  take(text: string): void {
    if (this.#budget.isFlooded(text.length)) {
      this.#connection.close(CLOSE_FLOODING, 'too many messages')
      return
    }
    const message = parse(text)
    if ('problem' in message) {
      this.#refuse(message.problem, message.echo)
      return
    }
    this.#dispatch(message.value).catch((error: unknown) => {
      const problem = toProblem(error, 'socket', this.#deps.logger)
      this.#sendProblem(problem, echoOf(message.value))
      const { principal, address } = this.#connection
      if (isRefusal(problem.code, error, true))
        this.#deps.onRefusal({ problem: problem.code, where: `message ${message.value.type}`, principal, address })
    })
  }

  async #dispatch(message: ClientMessage): Promise<void> {
    const { sessions } = this.#deps
    const { principal } = this.#connection
    authorize(principal, MESSAGE_RULES[message.type], this.#deps.clock.now().getTime())
    this.#budget.spend(message.type)
    switch (message.type) {
      case 'session-start':
        return this.#start(message)
      case 'session-prompt':
        return sessions.prompt(message, principal)
      case 'session-interrupt':
        return sessions.interrupt(message.sessionId, principal)
      case 'session-subscribe':
        return this.#subscribe(message)
      case 'session-unsubscribe':
        this.#unsubscribe(message.sessionId)
        return
      case 'claude-permission-response':
      case 'codex-permission-response':
        return this.#decide(message)
      case 'permission-extend':
        await this.#deps.approvals.extend(message.requestId, message.seconds, this.#connection.principal)
        return
      case 'ping':
        this.#connection.send('{"type":"pong"}')
        return
    }
  }

  async #start(message: MessageOf<'session-start'>): Promise<void> {
    const session = await this.#deps.sessions.start(message, this.#connection.principal)
    const { id: sessionId, provider, projectId } = session
    this.#connection.send(JSON.stringify({ type: 'session-started', clientId: message.clientId, sessionId, provider, projectId }))
  }

  async #subscribe({ sessionId, afterSeq }: MessageOf<'session-subscribe'>): Promise<void> {
    const wish = Symbol(sessionId)
    this.#wishes.set(sessionId, wish)
    try {
      await this.#deps.access.readable(sessionId, this.#connection.principal)
      // Taken back meanwhile, or nobody is there any more to leave it again.
      if (this.#wishes.get(sessionId) !== wish || !this.#connection.isOpen()) return
    } finally {
      if (this.#wishes.get(sessionId) === wish) this.#wishes.delete(sessionId)
    }
    this.#unsubscribe(sessionId)
    if (this.#followed.size >= MAX_FOLLOWED_SESSIONS) this.#dropOldest()
    const follower = this.#deps.follow(sessionId, afterSeq ?? 0, this.#connection)
    this.#followed.set(sessionId, follower)
    await follower.start()
  }

  #unsubscribe(sessionId: SessionId): void {
    this.#wishes.delete(sessionId)
    this.#followed.get(sessionId)?.stop()
    this.#followed.delete(sessionId)
  }

  #dropOldest(): void {
    const [oldest] = this.#followed.keys()
    if (oldest !== undefined) this.#unsubscribe(oldest)
  }

  async #decide({ type: _, requestId, ...decision }: MessageOf<'claude-permission-response' | 'codex-permission-response'>): Promise<void> {
    await this.#deps.approvals.decide(requestId, decision, this.#connection.principal)
  }

  /** What waits already, so that a device that comes later can decide as well. */
  async #sendPending(): Promise<void> {
    for (const request of await this.#deps.approvals.pending(this.#connection.principal)) {
      await this.#connection.room()
      this.#connection.send(JSON.stringify({ type: permissionRequestType(request.provider), ...request }))
    }
  }

  #refuse(problem: Problem, echo: Echo): void {
    this.#sendProblem(problem, echo)
    this.#violations += 1
    if (this.#violations > MESSAGE_LIMITS.violations) this.#connection.close(1008, 'too many invalid messages')
  }

  #sendProblem(problem: Problem, echo: Echo): void {
    this.#connection.send(JSON.stringify({ type: 'error', ...problem, ...echo }))
  }
}

/** Lets the client tell which of its messages failed. */
const Echo = z.object({ clientId: z.optional(ClientId), sessionId: z.optional(SessionId), requestId: z.optional(RequestId) })
type Echo = z.infer<typeof Echo>

function echoOf(message: unknown): Echo {
  const echo = Echo.safeParse(message)
  return echo.success ? echo.data : {}
}

function parse(text: string): { value: ClientMessage } | { problem: Problem; echo: Echo } {
  // Before it is read: what is too deep or too wide costs no memory.
  if (isTooComplex(text, MESSAGE_LIMITS))
    return { problem: { error: 'The message is nested too deep or has too many values.', code: 'INVALID_MESSAGE' }, echo: {} }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Told to the client as INVALID_MESSAGE; the connection goes on.
    return { problem: { error: 'The message is not valid JSON.', code: 'INVALID_MESSAGE' }, echo: {} }
  }
  if (hasTwinKeys(text)) return { problem: { error: 'The message names a member twice.', code: 'INVALID_MESSAGE' }, echo: {} }
  const message = ClientMessage.safeParse(json)
  return message.success ? { value: message.data } : { problem: invalidFields(message.error.issues, 'INVALID_MESSAGE'), echo: echoOf(json) }
}
