/**
 * Whether a text fits a pattern by whole segments: `*` any characters but the separator, `?` one of them, `**` any
 * segments. No other character is special, and nothing is case-folded. Takes time linear in pattern times text.
 */
export function fitsGlob(pattern: string, text: string, separator: '/' | '.' = '/'): boolean {
  return fitsSegments(pattern.split(separator), text.split(separator))
}

function fitsSegments(pattern: readonly string[], text: readonly string[]): boolean {
  // Row by row: reachable[j] tells whether the pattern so far fits the first j segments.
  let reachable = [true, ...text.map(() => false)]
  for (const part of pattern) {
    const next = text.map((segment, index) => (part === '**' ? false : reachable[index] === true && fitsSegment(part, segment)))
    const row = [false, ...next]
    if (part === '**') {
      let seen = false
      for (const [index, isReachable] of reachable.entries()) {
        seen ||= isReachable
        row[index] = seen
      }
    }
    reachable = row
  }
  return reachable.at(-1) === true
}

/** Two pointers with one place to go back to, so no pattern is slow. */
function fitsSegment(pattern: string, text: string): boolean {
  const wanted = Array.from(pattern)
  const given = Array.from(text)
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at
      resume = index
      at += 1
    } else if (wanted[at] === '?' || (at < wanted.length && wanted[at] === given[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      at = star + 1
      resume += 1
      index = resume
    } else return false
  }
  return wanted.slice(at).every((character) => character === '*')
}
