/** A pattern by segments, read once. */
export type Glob = readonly GlobPart[]

type GlobPart = { kind: 'any' } | { kind: 'literal'; text: string } | { kind: 'wild'; characters: readonly string[] }

/**
 * Reads a pattern of whole segments: `*` any characters but the separator, `?` one of them, `**` any segments. No other
 * character is special, and nothing is case-folded.
 */
export function readGlob(pattern: string): Glob {
  return pattern.split('/').map((part) => {
    if (part === '**') return { kind: 'any' }
    return /[*?]/.test(part) ? { kind: 'wild', characters: Array.from(part) } : { kind: 'literal', text: part }
  })
}

/** Whether the segments of a text fit, from one of them on. Takes time linear in pattern times text. */
export function fitsSegments(glob: Glob, segments: readonly string[], from = 0): boolean {
  // Most patterns differ from most texts before their first wildcard.
  for (let index = 0; index < glob.length; index += 1) {
    const part = glob[index]
    if (part?.kind === 'any') return fitsAnywhere(glob.slice(index), segments.slice(from + index))
    const segment = segments[from + index]
    if (part === undefined || segment === undefined || !fitsSegment(part, segment)) return false
  }
  return segments.length === from + glob.length
}

function fitsAnywhere(glob: Glob, text: readonly string[]): boolean {
  // Row by row: reachable[j] tells whether the pattern so far fits the first j segments.
  let reachable = [true, ...text.map(() => false)]
  for (const part of glob) {
    const next = text.map((segment, index) => reachable[index] === true && fitsSegment(part, segment))
    const row = [false, ...next]
    if (part.kind === 'any') {
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
function fitsSegment(part: GlobPart, text: string): boolean {
  if (part.kind !== 'wild') return part.kind === 'literal' && part.text === text
  const wanted = part.characters
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
