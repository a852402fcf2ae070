const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const timeOfDayExact = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const stamp = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const weekday = new Intl.DateTimeFormat('en', { weekday: 'long' })
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

/** A time in a list: `now`, `5m`, `3h`, then the day. */
export function formatAge(at: string, now: Date): string {
  const ageMs = now.getTime() - Date.parse(at)
  if (ageMs < MINUTE_MS) return 'now'
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)}m`
  if (ageMs < DAY_MS) return `${Math.floor(ageMs / HOUR_MS)}h`
  return day.format(new Date(at))
}

/** A time in full, for tooltips. */
export function formatExactTime(at: string): string {
  return exact.format(new Date(at))
}

/** Day and time to the second in figures, for lists that are exact. */
export function formatStamp(at: string): string {
  return stamp.format(new Date(at))
}

/** `10:31`, in the reader's way of writing it. */
export function formatTimeOfDay(at: string): string {
  return timeOfDay.format(new Date(at))
}

/** `23 Nov`, in the reader's way of writing it. */
export function formatShortDay(at: string): string {
  return day.format(new Date(at))
}

/** Whether both are on the same day of this device. */
export function isSameDay(at: string, now: Date): boolean {
  return startOfDay(new Date(at)) === startOfDay(now)
}

/** `10:31:04`, in the reader's way of writing it. */
export function formatTimeWithSeconds(at: Date): string {
  return timeOfDayExact.format(at)
}

/** The heading of the day on which something happened: `Today`, `Yesterday`, a weekday of the past week, or the date. */
export function formatDay(at: string, now: Date): string {
  const then = new Date(at)
  const days = Math.round((startOfDay(now) - startOfDay(then)) / DAY_MS)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return days < 7 ? weekday.format(then) : dayAndYear.format(then)
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}
