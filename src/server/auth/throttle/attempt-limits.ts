import { isIPv6 } from 'node:net'
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

/**
 * The part of an address that one person cannot change at will: all of IPv4, the first 64 bits of IPv6, since every home
 * has as many addresses below them as it likes.
 */
export function networkOf(address: string): string {
  const plain = withoutPort(address).replace(/%.*$/, '').toLowerCase()
  if (!isIPv6(plain)) return plain
  const groups = expand(plain)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [...bytesOf(groups[6] ?? 0), ...bytesOf(groups[7] ?? 0)].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** Some proxies write the client's port beside its address: another one with each connection. */
function withoutPort(address: string): string {
  return address.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
}

/** The eight groups of an IPv6 address, also where it ends in IPv4 notation. */
function expand(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [head = '', tail] = hex.split('::')
  const start = groupsOf(head)
  const end = groupsOf(tail ?? '')
  return [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end]
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function bytesOf(group: number): number[] {
  return [group >> 8, group & 0xff]
}
