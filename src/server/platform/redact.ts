import { SHAPES } from './secret-shapes.ts'

/** What stands in place of a secret. */
export const REDACTED = '[redacted]'

/** The text without what looks like a secret, and without halves of characters, which have no JSON form. */
export function redactText(text: string): string {
  let clean = text.toWellFormed()
  for (const shape of SHAPES) clean = clean.replace(shape, replacement)
  return clean
}

/** Names of members whose values are secrets whatever they look like. */
const SECRET_NAME =
  /^(?:ticket|setupCode|code|recoveryCodes?|cookie|set-cookie|pwd)$|(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|authorization|credentials)$/i

/** A JSON value with every string in it redacted, and members that are named like secrets replaced. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return isTexts(value) ? redactWords(value) : value.map(redactValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name),
      SECRET_NAME.test(name) && member !== null && typeof member !== 'boolean' ? REDACTED : redactValue(member),
    ]),
  )
}

function isTexts(list: readonly unknown[]): list is string[] {
  return list.every((each) => typeof each === 'string')
}

/** White space for every shape, and in no command. */
const BETWEEN = '\u2028'

/** A command in words: a secret may be known by the word before it. */
function redactWords(words: readonly string[]): string[] {
  const clean = words.map((word) => redactText(word.replaceAll(BETWEEN, ' ')))
  const together = redactText(clean.join(BETWEEN)).split(BETWEEN)
  // What reaches over several words leaves none that can be told apart.
  return together.length === words.length ? together : words.map(() => REDACTED)
}

function replacement(...parts: unknown[]): string {
  const groups: unknown = parts.at(-1)
  const kept = typeof groups === 'object' && groups !== null && 'keep' in groups && typeof groups.keep === 'string' ? groups.keep : ''
  return `${kept}${REDACTED}`
}
