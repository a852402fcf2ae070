import { sha256 } from '../random-token.ts'

/** What attempts are counted by. */
export type CounterKind = 'address' | 'account' | 'device'

/** How many failures of each are free of any delay (documented for ASVS 6.1.1). */
const FREE: Readonly<Record<CounterKind, number>> = { address: 20, account: 5, device: 5 }
const FIRST_DELAY_SECONDS = 4
const LONGEST_DELAY_SECONDS = 15 * 60
/** Failures are forgotten so long after the last one. */
export const FORGOTTEN_AFTER_MS = 24 * 3_600_000

/** Seconds to wait after so many failures: none while they are free, then 4, doubled with each, at most 15 minutes. */
export function delayAfter(kind: CounterKind, failures: number): number {
  const counted = failures - FREE[kind]
  return counted < 0 ? 0 : Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** Math.min(counted, 20))
}

/** What is counted, as it is stored: kind and hash, since a typed name may be a password. */
export interface Counter {
  kind: CounterKind
  key: string
}

export function counterOf(kind: CounterKind, value: string): Counter {
  return { kind, key: `${kind}:${sha256(value)}` }
}

/** Failures of an account since its last success, wherever they were counted. */
export function tallyKey(account: string): string {
  return `tally:${sha256(account)}`
}
