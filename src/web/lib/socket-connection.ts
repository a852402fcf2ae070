import type { ApprovalDecision, ApprovalResolution } from '#protocol/approvals'
import { ClientId } from '#protocol/ids'
import type { RequestId, SessionId } from '#protocol/ids'
import type { ClientMessage, SessionPrompt, SessionStart } from '#protocol/messages'
import { ServerMessage } from '#protocol/messages'
import { ApiError } from './api-error.ts'
import type { Connection, ConnectionState } from './connection.ts'
import { Outbox } from './outbox.ts'
import { SessionFollowers } from './session-followers.ts'
import type { SocketLinkDeps } from './socket-link.ts'
import { SocketLink } from './socket-link.ts'
import { connectionText } from './text.ts'

/** What the server accepts as one message. */
const MAX_MESSAGE_BYTES = 1024 * 1024

type ServerError = Extract<ServerMessage, { type: 'error' }>
interface PendingDecision {
  resolve: (resolution: ApprovalResolution) => void
  reject: (error: Error) => void
}

/** The `Connection` over a WebSocket that comes and goes. */
export class SocketConnection implements Connection {
  readonly #link: SocketLink
  readonly #followers = new SessionFollowers()
  readonly #starts = new Outbox<SessionStart, { sessionId: SessionId }>()
  readonly #prompts = new Outbox<SessionPrompt, void>()
  readonly #decisions = new Map<RequestId, PendingDecision>()
  readonly #stateListeners = new Set<() => void>()
  readonly #messageListeners = new Set<(message: ServerMessage) => void>()

  constructor(deps: Pick<SocketLinkDeps, 'openSocket' | 'renewLogin'>) {
    this.#link = new SocketLink({
      ...deps,
      onState: (state) => this.#changeState(state),
      onText: (text) => this.#receive(text),
    })
  }

  get state(): ConnectionState {
    return this.#link.state
  }

  /** True while a prompt waits to be sent or acknowledged, and leaving the page would lose it. */
  get hasUnsent(): boolean {
    return !this.#starts.isEmpty || !this.#prompts.isEmpty
  }

  start(): void {
    this.#link.start()
  }

  /** Closes for good; nothing that waits will be sent. */
  stop(): void {
    this.#link.stop()
  }

  /** Tries at once instead of waiting, or makes sure that the socket lives. */
  wake(): void {
    this.#link.wake()
  }

  subscribeState(listener: () => void): () => void {
    this.#stateListeners.add(listener)
    return () => this.#stateListeners.delete(listener)
  }

  onMessage(listener: (message: ServerMessage) => void): () => void {
    this.#messageListeners.add(listener)
    return () => this.#messageListeners.delete(listener)
  }

  follow(sessionId: SessionId, afterSeq: () => number): () => void {
    // A function of its own, so that following twice with the same one counts twice.
    const follower = () => afterSeq()
    this.#followers.add(sessionId, follower)
    this.#send({ type: 'session-subscribe', sessionId, afterSeq: afterSeq() })
    return () => {
      if (this.#followers.remove(sessionId, follower)) this.#send({ type: 'session-unsubscribe', sessionId })
    }
  }

  startSession(request: Omit<SessionStart, 'type'>): Promise<{ sessionId: SessionId }> {
    return this.#sendSurely(this.#starts, { type: 'session-start', ...request })
  }

  async prompt(request: Omit<SessionPrompt, 'type'>): Promise<void> {
    const stopFollowing = this.#followForAcknowledgement(request.sessionId)
    try {
      await this.#sendSurely(this.#prompts, { type: 'session-prompt', ...request })
    } finally {
      stopFollowing()
    }
  }

  interrupt(sessionId: SessionId): void {
    this.#send({ type: 'session-interrupt', sessionId })
  }

  decide(requestId: RequestId, decision: ApprovalDecision): Promise<ApprovalResolution> {
    if (this.state !== 'open') return Promise.reject(localError('NETWORK', connectionText.decisionOffline))
    const text = JSON.stringify({ type: 'claude-permission-response', requestId, ...decision } satisfies ClientMessage)
    if (isTooLarge(text)) return Promise.reject(localError('TOO_LARGE', connectionText.tooLarge))
    return new Promise((resolve, reject) => {
      this.#decisions.get(requestId)?.reject(localError('CONFLICT', connectionText.resolvedElsewhere))
      this.#decisions.set(requestId, { resolve, reject })
      this.#link.send(text)
    })
  }

  /** The acknowledgement is an event of the session: it is followed until then, whoever else stops meanwhile. */
  #followForAcknowledgement(sessionId: SessionId): () => void {
    let latest = this.#followers.position(sessionId) ?? 0
    const stopListening = this.onMessage((message) => {
      if (message.type === 'session-event' && message.sessionId === sessionId) latest = message.seq
    })
    const stopFollowing = this.follow(sessionId, () => latest)
    return () => {
      stopListening()
      stopFollowing()
    }
  }

  #sendSurely<Message extends SessionStart | SessionPrompt, Result>(outbox: Outbox<Message, Result>, message: Message): Promise<Result> {
    const text = JSON.stringify(message)
    if (isTooLarge(text)) return Promise.reject(localError('TOO_LARGE', connectionText.tooLarge))
    const acknowledged = outbox.add(message, text)
    this.#link.send(text)
    return acknowledged
  }

  #send(message: ClientMessage): void {
    this.#link.send(JSON.stringify(message))
  }

  #changeState(state: ConnectionState): void {
    if (state === 'open') this.#catchUp()
    else this.#failDecisions()
    for (const notify of this.#stateListeners) notify()
  }

  /** After a connect: first what we follow, so that no answer is missed, then what waits to be sent. */
  #catchUp(): void {
    for (const position of this.#followers.positions()) this.#send({ type: 'session-subscribe', ...position })
    for (const text of [...this.#starts.texts(), ...this.#prompts.texts()]) this.#link.send(text)
  }

  /** Whether a decision arrived is not known: the person looks again instead of believing either. */
  #failDecisions(): void {
    const waiting = [...this.#decisions.values()]
    this.#decisions.clear()
    for (const { reject } of waiting) reject(localError('NETWORK', connectionText.decisionUnconfirmed))
  }

  #receive(text: string): void {
    const message = parseFrame(text)
    if (message === null) return
    this.#settle(message)
    for (const listen of this.#messageListeners) listen(message)
  }

  #settle(message: ServerMessage): void {
    if (message.type === 'session-event') this.#acknowledgePrompt(message)
    else if (message.type === 'session-started') this.#starts.acknowledge(message.clientId, { sessionId: message.sessionId })
    else if (message.type === 'permission-resolved') this.#confirmDecision(message)
    else if (message.type === 'error') this.#reject(message)
  }

  #acknowledgePrompt({ event }: Extract<ServerMessage, { type: 'session-event' }>): void {
    if (event.kind !== 'user.message' || event.clientId === undefined) return
    const clientId = ClientId.safeParse(event.clientId)
    if (clientId.success) this.#prompts.acknowledge(clientId.data)
  }

  #confirmDecision(resolution: ApprovalResolution): void {
    this.#decisions.get(resolution.requestId)?.resolve(resolution)
    this.#decisions.delete(resolution.requestId)
  }

  #reject({ clientId, requestId, code, error, details }: ServerError): void {
    const failure = new ApiError({ code, message: error, details })
    if (clientId !== undefined && !this.#starts.reject(clientId, failure)) this.#prompts.reject(clientId, failure)
    if (requestId === undefined) return
    this.#decisions.get(requestId)?.reject(failure)
    this.#decisions.delete(requestId)
  }
}

/** A frame of the server; null for one that this version does not know. */
function parseFrame(text: string): ServerMessage | null {
  try {
    const message = ServerMessage.safeParse(JSON.parse(text))
    return message.success ? message.data : null
  } catch {
    // Not JSON: nothing that we could act on.
    return null
  }
}

function isTooLarge(text: string): boolean {
  // Most are far below: no need to count the bytes of a character that takes three.
  return text.length * 3 > MAX_MESSAGE_BYTES && new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES
}

function localError(code: 'NETWORK' | 'TOO_LARGE' | 'CONFLICT', message: string): ApiError {
  return new ApiError({ code, message })
}
