import type { Kysely } from 'kysely'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import { TooManyAttemptsError } from '../auth-errors.ts'
import { AttemptCounters, type Block, type Counted } from './attempt-counters.ts'
import { networkOf } from '../../platform/network-of.ts'
import { type Counter, counterOf, tallyKey } from './attempt-limits.ts'
import type { TrustedDevices } from './trusted-devices.ts'

/** Old counters are removed every so many attempts. */
const PRUNE_EVERY = 500

/** Who tries to sign in as whom. */
export interface Attempt {
  address: string
  /** The account's name as compared; null where none was named, as with a passkey. */
  account: string | null
  /** The value of the device cookie; null where the browser has none. */
  deviceToken: string | null
  /** Such as `Firefox on Linux`, for the audit log. */
  device?: string
}

/** An attempt that was let in. It counts as a failure until it is said to have been none. */
export interface Admission {
  /** From a browser that the account knows: not counted with the attempts of strangers. */
  readonly isTrusted: boolean
  /** It was the person: earlier failures at the account, or from the trusted device, are forgotten too. */
  succeeded(): Promise<void>
  /** It was no guess, as when the password was right and only the second factor is missing: this one attempt alone is forgotten. */
  refund(): Promise<void>
}

/**
 * Slows down whoever guesses, by account and by network, with delays that grow and survive a restart. Nobody can keep the
 * owner of an account out: a browser that signed in before is counted by itself.
 */
export class LoginThrottle {
  readonly #deps: { database: Kysely<Tables>; clock: Clock; devices: TrustedDevices }
  #sincePruned = PRUNE_EVERY

  constructor(deps: { database: Kysely<Tables>; clock: Clock; devices: TrustedDevices }) {
    this.#deps = deps
  }

  /**
   * Counts the attempt and lets it in, the same whether or not there is such an account. One that is refused is not
   * counted: a stranger who goes on does not make the wait longer.
   * @throws TooManyAttemptsError
   */
  async admit(attempt: Attempt): Promise<Admission> {
    const { database, clock } = this.#deps
    const now = clock.now()
    const outcome = await database.transaction().execute(async (transaction) => {
      const counters = new AttemptCounters(transaction, now)
      await this.#pruneAtTimes(counters)
      const asked = await this.#countersOf(transaction, attempt)
      const block = await counters.findBlock(asked)
      if (block?.isFirst === true) await this.#record(transaction, attempt, block)
      if (block) return { seconds: block.seconds }
      const counted: Counted[] = []
      for (const counter of asked) counted.push(await counters.count(counter))
      if (attempt.account !== null) await counters.addToTally(tallyKey(attempt.account))
      return { counted }
    })
    if ('seconds' in outcome) throw new TooManyAttemptsError(outcome.seconds)
    return this.#admission(attempt, outcome.counted)
  }

  /** How many attempts at the account failed since this was last asked, within the time that failures are remembered. */
  takeFailures(account: string): Promise<number> {
    return new AttemptCounters(this.#deps.database, this.#deps.clock.now()).forget(tallyKey(account))
  }

  async #countersOf(db: Kysely<Tables>, { account, address, deviceToken }: Attempt): Promise<Counter[]> {
    const device = account === null ? null : await this.#deps.devices.find(db, deviceToken, account)
    if (device !== null) return [counterOf('device', device)]
    const network = counterOf('address', networkOf(address))
    return account === null ? [network] : [network, counterOf('account', account)]
  }

  #admission({ account }: Attempt, counted: readonly Counted[]): Admission {
    const settle = (forgets: (counter: Counter) => boolean) =>
      this.#deps.database.transaction().execute(async (transaction) => {
        const counters = new AttemptCounters(transaction, this.#deps.clock.now())
        for (const counter of counted) await (forgets(counter) ? counters.forget(counter.key) : counters.takeBack(counter))
        if (account !== null) await counters.takeFromTally(tallyKey(account))
      })
    return {
      isTrusted: counted.some(({ kind }) => kind === 'device'),
      // Not the network's: whoever has an account could guess at others' and wash it clean with their own.
      succeeded: () => settle(({ kind }) => kind !== 'address'),
      refund: () => settle(() => false),
    }
  }

  /** Once for each wait, not for each request that meets it. */
  async #record(db: Kysely<Tables>, { account, address, device }: Attempt, { counter, failures, seconds }: Block): Promise<void> {
    const user =
      account === null ? undefined : await db.selectFrom('users').select('username').where('username_key', '=', account).executeTakeFirst()
    await recordAudit(db, {
      at: this.#deps.clock.now(),
      // A name that belongs to nobody is not written down: people type passwords into the wrong field.
      actor: user?.username ?? 'unknown',
      action: 'auth.login_limited',
      address,
      ...(device === undefined ? {} : { device }),
      details: { by: counter.kind, failures, retryAfter: seconds },
    })
  }

  async #pruneAtTimes(counters: AttemptCounters): Promise<void> {
    this.#sincePruned += 1
    if (this.#sincePruned < PRUNE_EVERY) return
    this.#sincePruned = 0
    await counters.prune()
  }
}
