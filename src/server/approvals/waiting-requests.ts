import type { RequestId } from '#protocol/ids'
import type { ApprovalVerdict } from '../providers/provider.ts'

/** The longest that a timer of the platform can wait; beyond it, it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

interface Waiting {
  settle: (verdict: ApprovalVerdict) => void
  timer: NodeJS.Timeout | null
}

/** Requests whose agent waits in this process, each with the timer that ends it. */
export class WaitingRequests {
  readonly #waiting = new Map<RequestId, Waiting>()

  has(requestId: RequestId): boolean {
    return this.#waiting.has(requestId)
  }

  /** Resolves once the request is settled. */
  add(requestId: RequestId): Promise<ApprovalVerdict> {
    const { promise, resolve } = Promise.withResolvers<ApprovalVerdict>()
    this.#waiting.set(requestId, { settle: resolve, timer: null })
    return promise
  }

  /** Sets when a request times out, from now; null: never. Nothing, where it does not wait here. */
  end(requestId: RequestId, waitMs: number | null, onTimeout: () => void): void {
    const waiting = this.#waiting.get(requestId)
    if (!waiting) return
    if (waiting.timer) clearTimeout(waiting.timer)
    waiting.timer = null
    if (waitMs === null) return
    const step = Math.min(Math.max(0, waitMs), MAX_TIMER_MS)
    waiting.timer = setTimeout(() => {
      if (waitMs > step) this.end(requestId, waitMs - step, onTimeout)
      else onTimeout()
    }, step)
  }

  /** The agent that waited for one request waits for another from now on. False where it does not wait here. */
  replace(before: RequestId, after: RequestId): boolean {
    const waiting = this.#waiting.get(before)
    if (!waiting) return false
    this.#waiting.delete(before)
    this.#waiting.set(after, waiting)
    return true
  }

  settle(requestId: RequestId, verdict: ApprovalVerdict): void {
    const waiting = this.#waiting.get(requestId)
    if (!waiting) return
    if (waiting.timer) clearTimeout(waiting.timer)
    this.#waiting.delete(requestId)
    waiting.settle(verdict)
  }
}
