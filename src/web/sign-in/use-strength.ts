import { useEffect, useState } from 'preact/hooks'
import type { PasswordStrength } from '../lib/password-strength.ts'
import { brokenLengthRule, estimatePassword } from '../lib/password-strength.ts'

const PAUSE_MS = 150

/** How strong the password is; null while that is not known. The first keystroke has the estimator loaded. */
export function useStrength(password: string, usernameOf: () => string): PasswordStrength | null {
  const [known, setKnown] = useState<{ password: string; strength: PasswordStrength } | null>(null)

  useEffect(() => {
    if (password === '' || brokenLengthRule(password) === 'too-long') return
    let isOutdated = false
    const timer = setTimeout(() => {
      estimatePassword(password, usernameOf()).then(
        (strength) => {
          if (!isOutdated) setKnown({ password, strength })
        },
        // Without the estimator the meter tells the length alone; the server has the final word in any case.
        () => {},
      )
    }, PAUSE_MS)
    return () => {
      isOutdated = true
      clearTimeout(timer)
    }
  }, [password, usernameOf])

  // While the newest is estimated the meter keeps what it showed.
  return password === '' ? null : (known?.strength ?? null)
}
