const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

/** A time in the words of a sentence: `just now`, `5 minutes ago`, `yesterday`; the date after a month. */
export function formatSince(at: string, now: Date): string {
  const ageMs = now.getTime() - Date.parse(at)
  if (ageMs < MINUTE_MS) return 'just now'
  if (ageMs < HOUR_MS) return relative.format(-Math.floor(ageMs / MINUTE_MS), 'minute')
  if (ageMs < DAY_MS) return relative.format(-Math.floor(ageMs / HOUR_MS), 'hour')
  if (ageMs < 31 * DAY_MS) return relative.format(-Math.floor(ageMs / DAY_MS), 'day')
  return formatDate(at)
}

/** `3 November 2026`, in the reader's way of writing it. */
export function formatDate(at: string): string {
  return day.format(new Date(at))
}
