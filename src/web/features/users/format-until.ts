const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const relative = new Intl.RelativeTimeFormat('en')

/** How long there still is: `in 3 days`, `in 5 hours`, `in 20 minutes`; never more than there is. */
export function formatUntil(at: string, now: Date): string {
  const leftMs = Math.max(0, Date.parse(at) - now.getTime())
  if (leftMs >= 2 * DAY_MS) return relative.format(Math.floor(leftMs / DAY_MS), 'day')
  if (leftMs >= 2 * HOUR_MS) return relative.format(Math.floor(leftMs / HOUR_MS), 'hour')
  return relative.format(Math.floor(leftMs / MINUTE_MS), 'minute')
}
