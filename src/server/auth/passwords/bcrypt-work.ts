import { hashSync, verifySync } from '@node-rs/bcrypt'
import { costOf } from './bcrypt-cost.ts'

/** Salt and digest of no password at all: `$2b$`, the cost, and this make a hash that nothing matches. */
const DECOY = 'T6CeUCZYuKqXl0oYGHQv5uW1y0T9sXn2yR3gk8mVZbq4cJdHfLwOa'

/** Blocks its thread. @throws Error for more than 72 bytes */
export function makeHash(password: string, rounds: number): string {
  return hashSync(password, { cost: rounds, rejectLongPasswords: true })
}

/**
 * Whether one of the spellings is the password of `stored`. Blocks its thread for about as long as `cost` rounds take for
 * each spelling, also where the hash is cheaper or there is none: a cheaper comparison is topped up with comparisons that
 * fail, since 2^c + 2^c + 2^(c+1) + … + 2^(cost-1) is 2^cost.
 */
export function compareEvenly({ spellings, stored, cost }: { spellings: string[]; stored: string | null; cost: number }): boolean {
  const storedCost = costOf(stored)
  let isRight = false
  for (const spelling of spellings) {
    if (stored === null || storedCost === null) {
      verifySync(spelling, decoy(cost))
      continue
    }
    isRight = verifySync(spelling, stored) || isRight
    for (let done = storedCost; done < cost; done += 1) verifySync(spelling, decoy(done))
  }
  return isRight
}

function decoy(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${DECOY}`
}
