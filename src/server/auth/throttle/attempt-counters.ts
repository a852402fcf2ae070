import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../../platform/schema.ts'
import type { LoginThrottlesTable } from '../../platform/schema-accounts.ts'
import { type Counter, delayAfter, FORGOTTEN_AFTER_MS } from './attempt-limits.ts'

/** More counters than this are not kept: those with the fewest failures go first, and of those the oldest. */
const MAX_ROWS = 50_000

type Row = Selectable<LoginThrottlesTable>

/** A counter that makes whoever it counts wait. */
export interface Block {
  counter: Counter
  failures: number
  /** Whole seconds from now. */
  seconds: number
  /** Whether it is the first refusal since the last attempt was let in. */
  isFirst: boolean
}

/** A counter as an attempt left it, and what to go back to where it was none. */
export interface Counted extends Counter {
  failures: number
  at: string
  before: Pick<Row, 'failures' | 'last_failure_at' | 'blocked_until'> | null
}

/** All SQL of the throttle. Give it a transaction where several steps must be one. */
export class AttemptCounters {
  readonly #db: Kysely<Tables>
  readonly #now: Date

  constructor(db: Kysely<Tables>, now: Date) {
    this.#db = db
    this.#now = now
  }

  /** The longest of the waits that these counters ask for; null when none does. Notes that it was asked for. */
  async findBlock(counters: readonly Counter[]): Promise<Block | null> {
    const blocks: Block[] = []
    for (const counter of counters) {
      const row = await this.#find(counter.key)
      const ms = Date.parse(row?.blocked_until ?? '') - this.#now.getTime()
      if (row && ms > 0) blocks.push({ counter, failures: row.failures, seconds: Math.ceil(ms / 1000), isFirst: row.refused === 0 })
    }
    const [longest] = blocks.sort((a, b) => b.seconds - a.seconds)
    if (longest?.isFirst === true)
      await this.#db.updateTable('login_throttles').set({ refused: 1 }).where('key', '=', longest.counter.key).execute()
    return longest ?? null
  }

  /** Counts an attempt before it is looked at: whoever comes at the same time already meets its delay. */
  async count({ kind, key }: Counter): Promise<Counted> {
    const before = (await this.#find(key)) ?? null
    const failures = (before?.failures ?? 0) + 1
    await this.#store(key, failures, this.#until(this.#now.getTime(), delayAfter(kind, failures)))
    return { kind, key, failures, at: this.#now.toISOString(), before }
  }

  /** Takes one attempt back, and the delay that it added. Where no other came since, all is as it was before. */
  async takeBack({ kind, key, at, before, ...counted }: Counted): Promise<void> {
    const row = await this.#find(key)
    if (!row) return
    const failures = row.failures - 1
    if (failures <= 0) {
      await this.forget(key)
      return
    }
    const isLast = row.failures === counted.failures && row.last_failure_at === at
    const blocked_until = this.#until(Date.parse(row.last_failure_at), delayAfter(kind, failures))
    const undone = isLast && before ? before : { failures, blocked_until, last_failure_at: row.last_failure_at }
    await this.#db
      .updateTable('login_throttles')
      .set({ failures: undone.failures, blocked_until: undone.blocked_until, last_failure_at: undone.last_failure_at })
      .where('key', '=', key)
      .execute()
  }

  async addToTally(key: string): Promise<void> {
    await this.#store(key, ((await this.#find(key))?.failures ?? 0) + 1, null)
  }

  async takeFromTally(key: string): Promise<void> {
    const failures = ((await this.#find(key))?.failures ?? 0) - 1
    if (failures <= 0) await this.forget(key)
    else await this.#db.updateTable('login_throttles').set({ failures }).where('key', '=', key).execute()
  }

  /** Forgets a counter and says how far it had come. */
  async forget(key: string): Promise<number> {
    const row = await this.#db
      .deleteFrom('login_throttles')
      .where('key', '=', key)
      .returning(['failures', 'last_failure_at'])
      .executeTakeFirst()
    return row && row.last_failure_at > this.#horizon() ? row.failures : 0
  }

  /** Removes what is forgotten and what is too much. */
  async prune(): Promise<void> {
    await this.#db.deleteFrom('login_throttles').where('last_failure_at', '<=', this.#horizon()).execute()
    const { rows } = await this.#db
      .selectFrom('login_throttles')
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    const surplus = rows - MAX_ROWS
    if (surplus <= 0) return
    const least = this.#db.selectFrom('login_throttles').select('key').orderBy('failures').orderBy('last_failure_at').limit(surplus)
    await this.#db.deleteFrom('login_throttles').where('key', 'in', least).execute()
  }

  async #find(key: string): Promise<Row | undefined> {
    return this.#db
      .selectFrom('login_throttles')
      .selectAll()
      .where('key', '=', key)
      .where('last_failure_at', '>', this.#horizon())
      .executeTakeFirst()
  }

  async #store(key: string, failures: number, blocked_until: string | null): Promise<void> {
    const values = { failures, blocked_until, last_failure_at: this.#now.toISOString(), refused: 0 }
    await this.#db
      .insertInto('login_throttles')
      .values({ key, ...values })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute()
  }

  #horizon(): string {
    return new Date(this.#now.getTime() - FORGOTTEN_AFTER_MS).toISOString()
  }

  #until(from: number, seconds: number): string | null {
    return seconds === 0 ? null : new Date(from + seconds * 1000).toISOString()
  }
}
