import type { FactorKind, FactorRequest } from '#protocol/factors'

/** Where a challenge is older than this, a new one is fetched: the server takes it for five minutes. */
const CHALLENGE_FRESH_MS = 4 * 60_000

/** The way that the second factor is asked for at first; null where none works here. */
export function firstWay(request: FactorRequest): FactorKind | null {
  if (request.factors.includes('totp')) return 'totp'
  if (request.passkey !== undefined) return 'passkey'
  return request.factors.includes('recovery-code') ? 'recovery-code' : null
}

/** The other ways that work here. */
export function otherWays(request: FactorRequest, way: FactorKind): FactorKind[] {
  const ways: FactorKind[] = ['totp', 'passkey', 'recovery-code']
  return ways.filter((each) => each !== way && (each === 'passkey' ? request.passkey !== undefined : request.factors.includes(each)))
}

/** A challenge answers one ceremony, for some minutes. */
export function isFresh(fetchedAt: number, now: number): boolean {
  return now - fetchedAt < CHALLENGE_FRESH_MS
}

/** The six digits of a code that is complete, however it was typed; null where it is not. */
export function completeCode(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^\d{6}$/.test(digits) ? digits : null
}
