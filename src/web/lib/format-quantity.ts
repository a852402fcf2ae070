const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** A duration: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 950) return `${(durationMs / SECOND_MS).toFixed(1)} s`
  if (durationMs < MINUTE_MS) return `${Math.round(durationMs / SECOND_MS)} s`
  if (durationMs < HOUR_MS) return `${Math.floor(durationMs / MINUTE_MS)} min ${Math.floor((durationMs % MINUTE_MS) / SECOND_MS)} s`
  return `${Math.floor(durationMs / HOUR_MS)} h ${Math.floor((durationMs % HOUR_MS) / MINUTE_MS)} min`
}

/** A count in few characters: `950`, `3.4k`, `1.2M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(Math.round(count))
  if (count < 100_000) return `${(count / 1000).toFixed(1)}k`
  if (count < 1_000_000) return `${Math.round(count / 1000)}k`
  return `${(count / 1_000_000).toFixed(1)}M`
}

/** An amount of money: `$0.02`; what is less than a cent with its first digits. */
export function formatCost(costUsd: number): string {
  if (costUsd === 0 || costUsd >= 0.01) return `$${costUsd.toFixed(2)}`
  return costUsd < 0.0001 ? '<$0.0001' : `$${costUsd.toFixed(4)}`
}
