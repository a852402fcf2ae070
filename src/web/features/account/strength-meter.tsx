import { useEffect, useState } from 'react'
import { meterView } from '../../lib/password-meter.ts'
import type { PasswordStrength } from '../../lib/password-strength.ts'
import { brokenLengthRule, estimatePassword } from '../../lib/password-strength.ts'
import styles from './strength-meter.module.css'

const PAUSE_MS = 150
const STEPS = [1, 2, 3, 4]

interface StrengthMeterProps {
  password: string
  username: string
  /** Without words, where the server has just given its own. */
  isSilent: boolean
}

/** How hard the password is to guess, while it is typed. The server has the final word. */
export function StrengthMeter({ password, username, isSilent }: StrengthMeterProps) {
  const { steps, tone, word, advice } = meterView(password, useStrength(password, username))
  return (
    <div className={styles.meter} data-tone={tone}>
      <div aria-hidden="true" className={styles.bar}>
        {STEPS.map((step) => (
          <span key={step} className={step <= steps ? styles.filled : styles.step} />
        ))}
      </div>
      {!isSilent && (
        <div role="status" className={styles.words}>
          <p className={styles.word}>{word}</p>
          <p>{advice}</p>
        </div>
      )}
    </div>
  )
}

/** The estimate of what was typed last; null before there is one. The first keystroke has the estimator loaded. */
function useStrength(password: string, username: string): PasswordStrength | null {
  const [known, setKnown] = useState<PasswordStrength | null>(null)

  useEffect(() => {
    if (password === '' || brokenLengthRule(password) === 'too-long') return undefined
    let isOutdated = false
    const timer = setTimeout(() => {
      estimatePassword(password, username).then(
        (strength) => {
          if (!isOutdated) setKnown(strength)
        },
        // Without the estimator the meter tells the length alone.
        () => {},
      )
    }, PAUSE_MS)
    return () => {
      isOutdated = true
      clearTimeout(timer)
    }
  }, [password, username])

  return password === '' ? null : known
}
