const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const relative = new Intl.RelativeTimeFormat('en')

/** About how long there still is: `in 3 days`, `in 5 hours`, `in 20 minutes`. */
export function formatUntil(at: string, now: Date): string {
  const leftMs = Math.max(0, Date.parse(at) - now.getTime())
  if (leftMs >= 1.5 * DAY_MS) return relative.format(Math.round(leftMs / DAY_MS), 'day')
  if (leftMs >= 1.5 * HOUR_MS) return relative.format(Math.round(leftMs / HOUR_MS), 'hour')
  return relative.format(Math.round(leftMs / MINUTE_MS), 'minute')
}
