import { useEffect, useState } from 'react'
import { PASSWORD_MIN_SCORE } from '#protocol/password-rules'
import type { PasswordStrength } from '../../lib/password-strength.ts'
import { brokenLengthRule, estimatePassword } from '../../lib/password-strength.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './strength-meter.module.css'
import { strengthText } from './text-account.ts'

const AFTER_MS = 150
const SEGMENTS = [1, 2, 3, 4]

/** How hard the password is to guess, while it is typed. The server has the final word. */
export function StrengthMeter({ password, username }: { password: string; username: string }) {
  const strength = useStrength(password, username)
  const word = wordOf(password, strength)
  const filled = strength === null || word === null ? 0 : Math.max(1, strength.score)
  const isEnough = strength !== null && strength.score >= PASSWORD_MIN_SCORE && brokenLengthRule(password) === null
  return (
    <div className={styles.meter}>
      <div aria-hidden="true" className={classNames(styles.bar, isEnough ? styles.enough : styles.lacking)}>
        {SEGMENTS.map((segment) => (
          <span key={segment} className={classNames(styles.segment, segment <= filled && styles.filled)} />
        ))}
      </div>
      <p role="status" className={styles.word}>
        {word}
      </p>
      {word !== null && !isEnough && strength !== null && strength.advice.length > 0 && (
        <p className={styles.advice}>{strength.advice.join(' ')}</p>
      )}
    </div>
  )
}

/** The estimate of what was typed last; null before there is one, or where the dictionaries could not be loaded. */
function useStrength(password: string, username: string): PasswordStrength | null {
  const [strength, setStrength] = useState<PasswordStrength | null>(null)
  useEffect(() => {
    let isWanted = true
    const timer = setTimeout(() => {
      estimatePassword(password, username).then(
        (estimate) => isWanted && setStrength(estimate),
        () => isWanted && setStrength(null),
      )
    }, AFTER_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [password, username])
  return strength
}

function wordOf(password: string, strength: PasswordStrength | null): string | null {
  if (password === '') return null
  const broken = brokenLengthRule(password)
  if (broken !== null) return strengthText[broken]
  if (strength === null) return null
  if (strength.score < PASSWORD_MIN_SCORE) return strengthText.weak
  return strength.score === 4 ? strengthText.strong : strengthText.good
}
