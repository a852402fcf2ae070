const FIRST_MS = 500
const LONGEST_MS = 20_000

/** How long to wait before try number `attempt` (0, 1, 2 …): twice as long each time, with jitter so that many pages do not return at once. */
export function retryDelayMs(attempt: number, random: number = Math.random()): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt)
  return Math.round(ceiling * (0.5 + random / 2))
}
