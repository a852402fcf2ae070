/**
 * The first release of each line of Node that has every security fix known when this version of the product was made. A
 * line that is missing has reached its end, or is none that gets fixes.
 */
const SAFE_SINCE: Readonly<Record<number, string>> = { 24: '24.13.0', 25: '25.3.0', 26: '26.0.0' }

/** What is to be said of a version of Node, as in `v24.21.0`; null where nothing is. */
export function nodeFault(version: string): string | null {
  const [major = 0, ...rest] = numbersOf(version)
  const since = SAFE_SINCE[major]
  if (since === undefined)
    return Math.max(...Object.keys(SAFE_SINCE).map(Number)) < major ? null : `Node ${String(major)} gets no security fixes any more`
  return isBefore([major, ...rest], numbersOf(since)) ? `Node ${version.replace(/^v/, '')} lacks security fixes of ${since}` : null
}

function numbersOf(version: string): number[] {
  return version.replace(/^v/, '').split('.').map(Number)
}

function isBefore(left: readonly number[], right: readonly number[]): boolean {
  const differing = right.findIndex((number, index) => number !== (left[index] ?? 0))
  return differing >= 0 && (left[differing] ?? 0) < (right[differing] ?? 0)
}
