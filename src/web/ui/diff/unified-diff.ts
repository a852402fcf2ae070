export interface DiffLine {
  /** `gap`: lines between two hunks that are not shown. */
  kind: 'same' | 'added' | 'removed' | 'gap'
  text: string
  /** Line numbers from 1; null where the line is not in that text. */
  oldLine: number | null
  newLine: number | null
}

export interface LineDiff {
  lines: DiffLine[]
  added: number
  removed: number
}

const HUNK = /^@@+ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/
/** Lines of a unified diff, with or without file headers. Text outside of hunks is left out. */
export function parseUnified(unified: string): LineDiff {
  const lines: DiffLine[] = []
  let place: HunkPlace | null = null
  for (const line of unified.replace(/\n$/, '').split('\n')) {
    const hunk = HUNK.exec(line)
    if (hunk !== null) {
      if (lines.length > 0) lines.push({ kind: 'gap', text: hunk[3]?.trim() ?? '', oldLine: null, newLine: null })
      place = { oldLine: Number(hunk[1]), newLine: Number(hunk[2]) }
    } else {
      const parsed = place === null ? null : parseLine(line, place)
      if (parsed === null) place = staysIn(place, line)
      else lines.push(parsed)
    }
  }
  return counted(lines)
}

/** A line that is none of a hunk's ends it, but for the remark that a file has no line feed at its end. */
function staysIn(place: HunkPlace | null, line: string): HunkPlace | null {
  return line.startsWith('\\') ? place : null
}

interface HunkPlace {
  oldLine: number
  newLine: number
}

/** Reads one line of a hunk and moves the place on. Null for what is no line, such as `\ No newline at end of file`. */
function parseLine(line: string, place: HunkPlace): DiffLine | null {
  const text = line.slice(1)
  switch (line[0]) {
    case '+':
      return { kind: 'added', text, oldLine: null, newLine: place.newLine++ }
    case '-':
      return { kind: 'removed', text, oldLine: place.oldLine++, newLine: null }
    case ' ':
    case undefined:
      return { kind: 'same', text, oldLine: place.oldLine++, newLine: place.newLine++ }
    default:
      return null
  }
}

function counted(lines: DiffLine[]): LineDiff {
  const count = (kind: DiffLine['kind']) => lines.reduce((sum, line) => sum + (line.kind === kind ? 1 : 0), 0)
  return { lines, added: count('added'), removed: count('removed') }
}
