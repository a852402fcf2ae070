import { waitText } from './text-sign-in.ts'

/** `0:42`, for eyes. */
export function waitClock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** `42 seconds` or `3 minutes`, for ears. */
export function waitDuration(seconds: number): string {
  return seconds < 60 ? waitText.seconds(seconds) : waitText.minutes(Math.ceil(seconds / 60))
}
