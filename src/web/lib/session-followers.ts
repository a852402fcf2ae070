import type { SessionId } from '#protocol/ids'

type AfterSeq = () => number

/** Who follows which session, and from where on. */
export class SessionFollowers {
  readonly #bySession = new Map<SessionId, Set<AfterSeq>>()

  add(sessionId: SessionId, afterSeq: AfterSeq): void {
    const followers = this.#bySession.get(sessionId) ?? new Set()
    followers.add(afterSeq)
    this.#bySession.set(sessionId, followers)
  }

  /** True when nobody follows the session any more. */
  remove(sessionId: SessionId, afterSeq: AfterSeq): boolean {
    const followers = this.#bySession.get(sessionId)
    if (followers === undefined) return false
    followers.delete(afterSeq)
    if (followers.size > 0) return false
    return this.#bySession.delete(sessionId)
  }

  /** The last event that all followers of the session have; null where there is none. */
  position(sessionId: SessionId): number | null {
    const followers = this.#bySession.get(sessionId)
    return followers === undefined ? null : Math.min(...[...followers].map((afterSeq) => afterSeq()))
  }

  /** Each followed session and its position. */
  positions(): { sessionId: SessionId; afterSeq: number }[] {
    return [...this.#bySession.keys()].map((sessionId) => ({ sessionId, afterSeq: this.position(sessionId) ?? 0 }))
  }
}
