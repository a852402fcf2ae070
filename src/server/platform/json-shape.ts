/** How much of JSON is read. */
export interface JsonLimits {
  /** How deep lists and objects may stand in each other. */
  depth: number
  /** How many values there may be, those that hold others too. */
  values: number
}

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const OBJECT = 123
const OPENING: ReadonlySet<number> = new Set([91, 123])
const CLOSING: ReadonlySet<number> = new Set([93, 125])

/**
 * Whether a text is nested too deep, or has too many values, to be read as JSON. Looks at each character once and keeps
 * nothing, so that a hostile text costs no memory; of a text that is not JSON it says nothing.
 */
export function isTooComplex(text: string, { depth: maxDepth, values: maxValues }: JsonLimits): boolean {
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

/**
 * Whether an object in the text names a member twice: readers differ in which one counts, so that what one of them checks
 * another may not see (RFC 8259 section 4).
 * @param text valid JSON
 */
export function hasTwinKeys(text: string): boolean {
  const open: (Set<string> | null)[] = []
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit === QUOTE) {
      const end = endOfString(text, index)
      if (isKey(text, end) && isTwin(open.at(-1), text.slice(index, end + 1))) return true
      index = end
    } else if (OPENING.has(unit)) open.push(unit === OBJECT ? new Set() : null)
    else if (CLOSING.has(unit)) open.pop()
  }
  return false
}

function isTwin(keys: Set<string> | null | undefined, quoted: string): boolean {
  // Read, since `\u0061` is `a`.
  const key = String(JSON.parse(quoted))
  if (keys?.has(key) === true) return true
  keys?.add(key)
  return false
}

/** Whether a colon follows the string that ends there. */
function isKey(text: string, end: number): boolean {
  let index = end + 1
  while (index < text.length && text.charCodeAt(index) <= 32) index += 1
  return text.charCodeAt(index) === COLON
}

/** Where the string that begins at `start` ends; the end of the text where it never does. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1
  return index
}
