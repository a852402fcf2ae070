/* What a new password must be, on both ends: the form tells while one types, the server decides. */

/** Characters, not bytes. */
export const PASSWORD_MIN_CHARACTERS = 10
/** bcrypt reads no further; UTF-8. */
export const PASSWORD_MAX_BYTES = 72
/** Of the estimator's 0 to 4: at least 10^8 guesses. */
export const PASSWORD_MIN_SCORE = 3

const PRODUCT_WORDS = ['ai code ui', 'aicodeui', 'ai-code-ui', 'codeui', 'claude', 'codex', 'claude code', 'claudecode']

/**
 * Words that the estimator counts as known to everyone: the user's name, its parts, and the product's names.
 * @param others names that only the server knows, such as its machine's
 */
export function wordsToAvoid(username: string, ...others: string[]): string[] {
  const names = [username, ...others].flatMap(formsOf)
  return [...new Set([...names, ...PRODUCT_WORDS])].filter((word) => word !== '')
}

/** `Ada-Lovelace` as `ada-lovelace`, `adalovelace`, `ada` and `lovelace`. */
function formsOf(name: string): string[] {
  const lower = name.normalize('NFKC').toLowerCase()
  const parts = lower.split(/[._\s-]+/)
  return [lower, parts.join(''), ...parts.filter((part) => part.length > 1)]
}
