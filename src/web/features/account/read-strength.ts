import { PASSWORD_MIN_SCORE } from '#protocol/password-rules'
import type { PasswordStrength } from '../../lib/password-strength.ts'
import { brokenLengthRule } from '../../lib/password-strength.ts'
import { strengthText } from './text-account.ts'

interface StrengthReading {
  /** Null where there is nothing to say yet. */
  word: string | null
  /** Of four segments. */
  filled: number
  isEnough: boolean
  /** What to do about it, as sentences; empty where nothing needs doing. */
  advice: string
}

/** What the meter shows of a password and its estimate; the estimate is null while there is none. */
export function readStrength(password: string, strength: PasswordStrength | null): StrengthReading {
  if (password === '') return { word: null, filled: 0, isEnough: false, advice: '' }
  const broken = brokenLengthRule(password)
  const filled = strength === null ? 0 : Math.max(1, strength.score)
  const advice = strength?.advice.join(' ') ?? ''
  if (broken !== null) return { word: strengthText[broken], filled: Math.min(filled, 1), isEnough: false, advice: '' }
  if (strength === null) return { word: null, filled, isEnough: false, advice }
  if (strength.score < PASSWORD_MIN_SCORE) return { word: strengthText.weak, filled, isEnough: false, advice }
  return { word: strength.score === 4 ? strengthText.strong : strengthText.good, filled, isEnough: true, advice: '' }
}
