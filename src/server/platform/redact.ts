/** What stands in place of a secret. */
export const REDACTED = '[redacted]'

/**
 * Shapes that secrets have. Each expression is linear in the length of the text; a match is replaced from its `keep`
 * group on.
 */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
  /\bacu_[\w-]{16,}/g,
  /\bsk-[\w-]{16,}/g,
  /\b(?:gh[pousr]|github_pat|glpat|npm|hf|xox[abeprs]|pypi|dop_v1|shpat|sq0csp|rk_live|sk_live|pk_live)[_-][\w-]{16,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /(?<keep>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi,
  /(?<keep>\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,64}:)[^\s/@]+(?=@)/gi,
  /(?<keep>\b[\w-]{0,40}(?:passwor[dt]|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)[\w-]{0,20}["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&;,]{4,}/gi,
]

/** The text without what looks like a secret, and without halves of characters, which have no JSON form. */
export function redactText(text: string): string {
  let clean = text.toWellFormed()
  for (const shape of SHAPES) clean = clean.replace(shape, replacement)
  return clean
}

/** Names of members whose values are secrets whatever they look like. */
const SECRET_NAME =
  /^(?:password|currentPassword|newPassword|passphrase|token|accessToken|refreshToken|ticket|secret|apiKey|api_key|authorization|cookie|setupCode|code|recoveryCodes|privateKey)$/i

/** A JSON value with every string in it redacted, and members that are named like secrets replaced. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redactValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name),
      SECRET_NAME.test(name) && member !== null ? REDACTED : redactValue(member),
    ]),
  )
}

function replacement(...parts: unknown[]): string {
  const groups: unknown = parts.at(-1)
  const kept = typeof groups === 'object' && groups !== null && 'keep' in groups && typeof groups.keep === 'string' ? groups.keep : ''
  return `${kept}${REDACTED}`
}
