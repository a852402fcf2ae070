import { MESSAGE_LIMITS } from './message-limits.ts'

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const OPENING: ReadonlySet<number> = new Set([91, 123])
const CLOSING: ReadonlySet<number> = new Set([93, 125])

/**
 * Whether a text is nested too deep, or has too many values, to be read as JSON. Looks at each character once and keeps
 * nothing, so that a hostile text costs no memory; of a text that is not JSON it says nothing.
 */
export function isTooComplex(
  text: string,
  { depth: maxDepth, values: maxValues }: { depth: number; values: number } = MESSAGE_LIMITS,
): boolean {
  let depth = 0
  let values = 1
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit === QUOTE) index = endOfString(text, index)
    else if (CLOSING.has(unit)) depth -= 1
    else if (unit === COMMA) values += 1
    else if (OPENING.has(unit)) {
      depth += 1
      values += 1
    }
    if (depth > maxDepth || values > maxValues) return true
  }
  return false
}

/** Where the string that begins at `start` ends; the end of the text where it never does. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1
  return index
}
