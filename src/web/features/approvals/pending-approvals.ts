import * as z from 'zod/mini'
import type { ApprovalRequest, ApprovalResolution } from '#protocol/approvals'
import { RequestId } from '#protocol/ids'
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
  /** Why the one in whose place it stands did not count, as a sentence; null where it stands in no place but its own. */
  readonly staleness: string | null
}

export interface PendingApprovalsState {
  readonly approvals: readonly PendingApproval[]
  readonly load: 'loading' | 'loaded' | 'failed'
  readonly error: string | null
}

/** So long a request that was decided elsewhere stays, saying by whom. */
const STAY_MS = 4000

/** `details` of an answer that did not count since what it was about has changed. */
const Staleness = z.object({ nextRequestId: RequestId })

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
      const waiting = items.map((request) => asTold(known.get(request.requestId), request))
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
      const resolution = await this.#connection.decide(requestId, decision)
      if (resolution.outcome === (decision.allow ? 'allowed' : 'denied')) this.dismiss(requestId)
      else this.#showEnd(resolution)
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
      this.take(request)
    } else if (message.type === 'permission-resolved') {
      // What is decided from here is answered where it was asked.
      if (!this.#deciding.has(message.requestId)) this.#showEnd(message)
    } else if (message.type === 'error' && message.code === 'STALE_VERSION') {
      const stale = Staleness.safeParse(message.details)
      if (stale.success) this.#explain(stale.data.nextRequestId, message.error)
    }
  }

  /** A request as the server tells it: a new one, or one that waits longer now. */
  take(request: ApprovalRequest): void {
    const { approvals } = this.#state
    const known = approvals.find((approval) => approval.request.requestId === request.requestId)
    const taken = asTold(known, request)
    this.#change({ approvals: known ? approvals.map((approval) => (approval === known ? taken : approval)) : [...approvals, taken] })
  }

  #explain(requestId: RequestId, staleness: string): void {
    this.#change({
      approvals: this.#state.approvals.map((approval) =>
        approval.request.requestId === requestId ? { ...approval, staleness } : approval,
      ),
    })
  }

  #showEnd(resolution: ApprovalResolution): void {
    const { requestId } = resolution
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

/** With its end counted from the one that was known: what this device's clock made of that one stays. */
function asTold(known: PendingApproval | undefined, request: ApprovalRequest): PendingApproval {
  if (known === undefined) return { request, deadlineMs: deadlineOf(request, Date.now()), resolution: null, staleness: null }
  const { expiresAt } = known.request
  if (known.deadlineMs === null || expiresAt === null || request.expiresAt === null) return known
  return { ...known, request, deadlineMs: known.deadlineMs + Date.parse(request.expiresAt) - Date.parse(expiresAt) }
}
