/* What a new password must be, on both ends: the form tells while one types, the server decides. */

/** Characters, not bytes. */
export const PASSWORD_MIN_CHARACTERS = 10
/** bcrypt reads no further; UTF-8. */
export const PASSWORD_MAX_BYTES = 72
/** Of the estimator's 0 to 4: at least 10^8 guesses. */
export const PASSWORD_MIN_SCORE = 3
/** The estimator looks at no more than this. */
export const PASSWORD_ESTIMATED_CHARACTERS = PASSWORD_MAX_BYTES

const PRODUCT_WORDS = ['ai code ui', 'aicodeui', 'ai-code-ui', 'codeui', 'claude', 'codex']

/** Words that the estimator counts as known to everyone: the user's name, its parts, and the product's names. */
export function wordsToAvoid(username: string): string[] {
  const name = username.toLowerCase()
  const parts = name.split(/[._-]+/).filter((part) => part.length > 1)
  return [...new Set([name, ...parts, ...PRODUCT_WORDS])].filter((word) => word !== '')
}
