import type { ApprovalRequest, ApprovalResolution } from '#protocol/approvals'
import type { RequestId } from '#protocol/ids'
import type { ServerMessage } from '#protocol/messages'
import { messageOf } from '../../lib/api-error.ts'
import type { Connection } from '../../lib/connection.ts'
import { deadlineOf } from './deadline.ts'

/** A request that waits for a person, or was decided elsewhere a moment ago. */
export interface PendingApproval {
  readonly request: ApprovalRequest
  /** When it is denied by itself, by this device's clock; null: never. */
  readonly deadlineMs: number | null
  /** How it ended; null while it waits. */
  readonly resolution: ApprovalResolution | null
}

export interface PendingApprovalsState {
  readonly approvals: readonly PendingApproval[]
  readonly load: 'loading' | 'loaded' | 'failed'
  readonly error: string | null
}

/** So long a request that was decided elsewhere stays, saying by whom. */
const STAY_MS = 4000

/** All requests that wait for this person, kept as the server tells. */
export class PendingApprovals {
  readonly #connection: Connection
  readonly #listPending: () => Promise<ApprovalRequest[]>
  readonly #listeners = new Set<() => void>()
  /** Requests that are being decided from here. */
  readonly #deciding = new Set<RequestId>()
  #state: PendingApprovalsState = { approvals: [], load: 'loading', error: null }

  /** `listPending` asks the server for all that waits. */
  constructor(connection: Connection, listPending: () => Promise<ApprovalRequest[]>) {
    this.#connection = connection
    this.#listPending = listPending
    connection.onMessage((message) => this.#receive(message))
    connection.subscribeState(() => {
      if (connection.state === 'open') void this.refresh()
    })
    void this.refresh()
  }

  get state(): PendingApprovalsState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks the server for all that waits: what it does not name was decided meanwhile. */
  async refresh(): Promise<void> {
    try {
      const items = await this.#listPending()
      const known = new Map(this.#state.approvals.map((approval) => [approval.request.requestId, approval]))
      const decided = this.#state.approvals.filter((approval) => approval.resolution !== null)
      const waiting = items.map((request) => known.get(request.requestId) ?? this.#pending(request))
      const named = new Set(items.map((request) => request.requestId))
      this.#change({
        approvals: [...decided.filter(({ request }) => !named.has(request.requestId)), ...waiting],
        load: 'loaded',
        error: null,
      })
    } catch (error) {
      // What came over the socket stays; the inbox says that more may wait.
      this.#change({ load: this.#state.load === 'loaded' ? 'loaded' : 'failed', error: messageOf(error) })
    }
  }

  /** Decides from here: shown as decided only once the server confirmed it, then it leaves at once. */
  async decide(requestId: RequestId, decision: Parameters<Connection['decide']>[1]): Promise<void> {
    this.#deciding.add(requestId)
    try {
      await this.#connection.decide(requestId, decision)
      this.dismiss(requestId)
    } finally {
      this.#deciding.delete(requestId)
    }
  }

  dismiss(requestId: RequestId): void {
    this.#change({ approvals: this.#state.approvals.filter(({ request }) => request.requestId !== requestId) })
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'claude-permission-request' || message.type === 'codex-permission-request') {
      const { type: _, ...request } = message
      if (this.#state.approvals.some((approval) => approval.request.requestId === request.requestId)) return
      this.#change({ approvals: [...this.#state.approvals, this.#pending(request)] })
    } else if (message.type === 'permission-resolved') {
      this.#resolve(message)
    }
  }

  #pending(request: ApprovalRequest): PendingApproval {
    return { request, deadlineMs: deadlineOf(request, Date.now()), resolution: null }
  }

  #resolve(resolution: ApprovalResolution): void {
    const { requestId } = resolution
    if (this.#deciding.has(requestId)) {
      this.dismiss(requestId)
      return
    }
    this.#change({
      approvals: this.#state.approvals.map((approval) =>
        approval.request.requestId === requestId ? { ...approval, resolution } : approval,
      ),
    })
    // One that nobody decided stays until it was read.
    if (resolution.outcome !== 'timed-out') setTimeout(() => this.dismiss(requestId), STAY_MS)
  }

  #change(change: Partial<PendingApprovalsState>): void {
    this.#state = { ...this.#state, ...change }
    for (const notify of this.#listeners) notify()
  }
}
