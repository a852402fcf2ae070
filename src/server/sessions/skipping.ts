import type { Kysely } from 'kysely'
import type { SessionId } from '#protocol/ids'
import { ForbiddenError, type Principal, UnauthorizedError } from '../http/principal.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import { ACCESS_ENDED, POLICY_CHANGED } from '../platform/topics.ts'
import type { Tables } from '../platform/schema.ts'
import type { ModePlace } from './mode-place.ts'
import { SessionRepository } from './session-repository.ts'
import type { SessionWriters } from './session-writers.ts'

export interface SkippingDeps {
  repository: SessionRepository
  writers: SessionWriters
  clock: Clock
  bus: EventBus
  logger: Logger
  /** Throws FrozenError while nothing may be started. */
  refuseFrozen: () => Promise<void>
  /** Who the credential makes them now. @throws UnauthorizedError when its access has ended */
  recheck: (principal: Principal) => Promise<Principal>
  /** Why approvals may not be skipped any more, as a sentence; null where they may. */
  refusal: (principal: Principal, place: ModePlace) => Promise<string | null>
}

interface Skip {
  place: ModePlace & { sessionId: SessionId }
  until: string
  /** Whoever asked for it. */
  principal: Principal
  timer: NodeJS.Timeout
}

/** The sessions of this server that skip approvals, and everything that ends it. */
export class Skipping {
  readonly #deps: SkippingDeps
  readonly #skips = new Map<SessionId, Skip>()

  constructor(deps: SkippingDeps) {
    this.#deps = deps
    for (const topic of [ACCESS_ENDED, POLICY_CHANGED]) {
      deps.bus.subscribe(topic, () => {
        this.#reviewQuietly()
      })
    }
  }

  /**
   * The session skips approvals from now on, for as long as this one may have it so.
   * @throws FrozenError where everything was frozen meanwhile, ForbiddenError where the login or the right has ended; then it does not
   */
  async begin(place: Skip['place'], until: string, principal: Principal): Promise<void> {
    this.forget(place.sessionId)
    const waitMs = Date.parse(until) - this.#deps.clock.now().getTime()
    const timer = setTimeout(() => this.#reviewQuietly(), Math.max(0, waitMs)).unref()
    const skip = { place, until, principal, timer }
    this.#skips.set(place.sessionId, skip)
    // What ended between the check and now told it to nobody here.
    const why = await this.#whyOver(skip)
    if (why !== null) {
      await this.#end(place.sessionId, why)
      throw new ForbiddenError(`The session asks before each call, as before: ${why}.`)
    }
    try {
      await this.#deps.refuseFrozen()
    } catch (error) {
      await this.#end(place.sessionId, 'everything was frozen')
      throw error
    }
  }

  forget(sessionId: SessionId): void {
    clearTimeout(this.#skips.get(sessionId)?.timer)
    this.#skips.delete(sessionId)
  }

  /** Ends what may not go on: its time is over, or the rights of whoever asked for it, or the policy are other than they were. */
  async review(): Promise<void> {
    for (const skip of [...this.#skips.values()]) {
      const why = await this.#whyOver(skip)
      if (why !== null && this.#skips.get(skip.place.sessionId) === skip) await this.#end(skip.place.sessionId, why)
    }
  }

  /** Lets no session skip approvals any more. */
  async endAll(why: string): Promise<void> {
    for (const sessionId of [...this.#skips.keys()]) await this.#end(sessionId, why)
  }

  /** Whether a session skips approvals now, by its log and by its row, asked in the transaction that lets a call pass for it. */
  async holds(transaction: Kysely<Tables>, sessionId: SessionId): Promise<boolean> {
    const { writers, clock } = this.#deps
    if (writers.peek(sessionId)?.summary.mode !== 'bypassPermissions') return false
    return new SessionRepository(transaction).skips(sessionId, clock.now().toISOString())
  }

  /** Sessions that an earlier server left in the mode ask again. To be awaited before anything resumes. */
  async recover(): Promise<void> {
    for (const { id } of await this.#deps.repository.listSkipping()) await this.#end(id, 'the server was restarted')
  }

  close(): void {
    for (const sessionId of [...this.#skips.keys()]) this.forget(sessionId)
  }

  async #whyOver({ place, until, principal }: Skip): Promise<string | null> {
    if (Date.parse(until) <= this.#deps.clock.now().getTime()) return 'its time was over'
    try {
      return await this.#deps.refusal(await this.#deps.recheck(principal), place)
    } catch (error) {
      if (error instanceof UnauthorizedError) return 'the login that asked for it has ended'
      this.#deps.logger.error(
        { err: error, sessionId: place.sessionId },
        'whether approvals may be skipped could not be told; they are asked',
      )
      return 'the right to it could not be looked up'
    }
  }

  async #end(sessionId: SessionId, why: string): Promise<void> {
    this.forget(sessionId)
    const writer = await this.#deps.writers.get(sessionId)
    if (writer.summary.mode !== 'bypassPermissions') return
    const details = { sessionId, mode: 'default', before: 'bypassPermissions', until: null, why }
    const at = this.#deps.clock.now()
    writer.append(
      { v: 1, kind: 'session.updated', mode: 'default', modeUntil: null },
      { at, actor: 'system', action: 'session.mode_changed', subject: sessionId, details },
    )
  }

  #reviewQuietly(): void {
    this.review().catch((error: unknown) => {
      this.#deps.logger.error({ err: error }, 'sessions that skip approvals could not be looked at')
    })
  }
}
