import type { Clock } from '../../platform/clock.ts'
import { RateLimiter } from '../../platform/rate-limiter.ts'
import { TooManyAttemptsError } from '../auth-errors.ts'

/** Who tries to sign in as whom. */
export interface Attempt {
  address: string
  /** The account's name as compared; null where none was named, as with a passkey. */
  account: string | null
  /** The value of the device cookie; null where the browser has none. */
  deviceToken: string | null
}

/** An attempt that was let in. It counts as a failure until it is said to have succeeded. */
export interface Admission {
  succeeded(): Promise<void>
}

/** Slows down whoever guesses. */
export class LoginThrottle {
  readonly #byAddress: RateLimiter
  readonly #byAccount: RateLimiter

  constructor({ clock }: { clock: Clock }) {
    this.#byAddress = new RateLimiter({ clock, capacity: 20, perSecond: 0.2 })
    this.#byAccount = new RateLimiter({ clock, capacity: 10, perSecond: 0.1 })
  }

  /** @throws TooManyAttemptsError */
  async admit({ address, account }: Attempt): Promise<Admission> {
    this.#take(this.#byAddress, address)
    if (account !== null) this.#take(this.#byAccount, account)
    return {
      succeeded: async () => {
        this.#byAddress.reset(address)
        if (account !== null) this.#byAccount.reset(account)
      },
    }
  }

  #take(limiter: RateLimiter, key: string): void {
    const waitSeconds = limiter.take(key)
    if (waitSeconds > 0) throw new TooManyAttemptsError(waitSeconds)
  }
}
