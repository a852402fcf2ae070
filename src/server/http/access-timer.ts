import type { Clock } from '../platform/clock.ts'
import type { Principal } from './principal.ts'

/** Timers of Node hold no longer time than this. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Calls back once the credential's own time is over, so that what was opened with it does not outlive it.
 * @returns a function that stops waiting
 */
export function onAccessExpired({ credential }: Principal, clock: Clock, listener: () => void): () => void {
  const expiresAt = credential.kind === 'api-key' ? credential.expiresAt : null
  if (expiresAt === null) return () => {}
  let timer: NodeJS.Timeout | null = null
  const wait = () => {
    const left = expiresAt - clock.now().getTime()
    if (left <= 0) listener()
    else timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS))
  }
  wait()
  return () => {
    if (timer) clearTimeout(timer)
  }
}
