import type { Kysely } from 'kysely'
import type { FreezeRequest, FreezeState } from '#protocol/approvals'
import type { Principal } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import { EVERYONE } from '../platform/topics.ts'
import { readFreeze, writeFreeze } from './freeze-state.ts'

export interface FreezeDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  logger: Logger
  /** Denies whatever waits for a decision, of every session. */
  denyPending: (why: string) => Promise<void>
  /** Ends the running turn of every agent. */
  interruptAll: () => Promise<void>
  /** Lets no session skip approvals any more, so that none does once it is released. */
  endSkipping: (why: string) => Promise<void>
}

/** One button that stops every agent of everybody until it is released. */
export class FreezeService {
  readonly #deps: FreezeDeps

  constructor(deps: FreezeDeps) {
    this.#deps = deps
  }

  state(): Promise<FreezeState> {
    return readFreeze(this.#deps.database)
  }

  /**
   * From the moment that the row is written no call is allowed any more: every decision looks for it in its own
   * transaction. Then what waits is denied and what runs is interrupted, which is done again where it is frozen already.
   */
  async freeze({ reason }: FreezeRequest, principal: Principal): Promise<FreezeState> {
    const at = this.#deps.clock.now().toISOString()
    await this.#write({ frozen: true, by: principal.user.username, at, reason: reason ?? null }, principal)
    await this.#stopAll()
    return this.state()
  }

  async release(principal: Principal): Promise<FreezeState> {
    await this.#write({ frozen: false, by: null, at: null, reason: null }, principal)
    return this.state()
  }

  async #write(state: FreezeState, { user, device }: Principal): Promise<void> {
    const { database, bus, clock } = this.#deps
    const isNew = await database.transaction().execute(async (transaction) => {
      if (!(await writeFreeze(transaction, state))) return false
      const action = state.frozen ? 'approvals.frozen' : 'approvals.unfrozen'
      const details = state.reason === null ? {} : { reason: state.reason }
      await recordAudit(transaction, { at: clock.now(), actor: user.username, device, action, details })
      return true
    })
    if (isNew) bus.publish(EVERYONE, JSON.stringify({ type: 'frozen', ...state }))
  }

  async #stopAll(): Promise<void> {
    const { denyPending, interruptAll, endSkipping, logger } = this.#deps
    const results = await Promise.allSettled([denyPending('freeze'), interruptAll(), endSkipping('everything was frozen')])
    for (const result of results) {
      if (result.status === 'rejected') logger.error({ err: result.reason }, 'not everything could be stopped for the freeze')
    }
  }
}
