import { PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS, wordsToAvoid } from '#protocol/password-rules'

/** How hard a password is to guess, as far as the estimator can tell. */
export interface PasswordStrength {
  /** 0 to 4; from `PASSWORD_MIN_SCORE` on it is accepted. */
  score: number
  /** Sentences: what is wrong with it first, then what to do. */
  advice: string[]
}

/** A rule that needs no estimate and that the password breaks; null where it breaks none. */
export function brokenLengthRule(password: string): 'too-short' | 'too-long' | null {
  const form = canonical(password)
  if (Array.from(form).length < PASSWORD_MIN_CHARACTERS) return 'too-short'
  if (new TextEncoder().encode(form).length > PASSWORD_MAX_BYTES) return 'too-long'
  return null
}

/** As the server hashes it: an accented letter is one character, however it was typed. */
function canonical(password: string): string {
  return password.normalize('NFC')
}

type Estimator = (password: string, words: string[]) => PasswordStrength

let loading: Promise<Estimator> | null = null

/**
 * Estimates with the same dictionaries and rules as the server, which has the final word. The first call loads them:
 * 0.8 MB on the wire, hence only for who chooses a password.
 * @throws Error where they could not be loaded; the next call tries again
 */
export async function estimatePassword(password: string, username: string): Promise<PasswordStrength> {
  loading ??= loadEstimator().catch((error: unknown) => {
    loading = null
    throw error
  })
  const estimate = await loading
  return estimate(canonical(password), wordsToAvoid(username))
}

async function loadEstimator(): Promise<Estimator> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  })
  return (password, words) => {
    const { score, feedback } = zxcvbn.check(password, words)
    const { warning, suggestions } = feedback
    return { score, advice: warning === null ? suggestions : [warning, ...suggestions] }
  }
}
