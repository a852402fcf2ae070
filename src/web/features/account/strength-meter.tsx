import { useEffect, useState } from 'react'
import type { PasswordStrength } from '../../lib/password-strength.ts'
import { estimatePassword } from '../../lib/password-strength.ts'
import { classNames } from '../../ui/class-names.ts'
import { readStrength } from './read-strength.ts'
import styles from './strength-meter.module.css'

const AFTER_MS = 150
const SEGMENTS = [1, 2, 3, 4]

interface StrengthMeterProps {
  password: string
  username: string
  /** Without advice, where the server has just given its own. */
  isBrief: boolean
}

/** How hard the password is to guess, while it is typed. The server has the final word. */
export function StrengthMeter({ password, username, isBrief }: StrengthMeterProps) {
  const { word, filled, isEnough, advice } = readStrength(password, useStrength(password, username))
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
      {!isBrief && advice !== '' && <p className={styles.advice}>{advice}</p>}
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
