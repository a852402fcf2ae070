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

/** An attempt that was let in. It counts as a failure until it is said to have been none. */
export interface Admission {
  /** It was the person: earlier failures are forgotten too. */
  succeeded(): Promise<void>
  /** It was no guess, as when the password was right and only the second factor is missing: this one attempt alone is forgotten. */
  refund(): Promise<void>
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
      refund: async () => {
        this.#byAddress.giveBack(address)
        if (account !== null) this.#byAccount.giveBack(account)
      },
    }
  }

  #take(limiter: RateLimiter, key: string): void {
    const waitSeconds = limiter.take(key)
    if (waitSeconds > 0) throw new TooManyAttemptsError(waitSeconds)
  }
}
