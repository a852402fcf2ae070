import type { LoginRow } from '../auth-repository.ts'

/** A login that nobody uses for so long ends before its time (ASVS 7.3.1); each use moves it (NIST SP 800-63B, 5.2). */
const IDLE_MS = 7 * 24 * 60 * 60_000

/** @param now milliseconds of the epoch */
export function isAlive(login: LoginRow, now: number): boolean {
  return login.ended_at === null && Date.parse(login.expires_at) > now && Date.parse(login.last_used_at) + IDLE_MS > now
}

/** Logins last used at or before this time have ended by disuse. */
export function idleSince(now: Date): string {
  return new Date(now.getTime() - IDLE_MS).toISOString()
}
