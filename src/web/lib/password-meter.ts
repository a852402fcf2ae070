import { PASSWORD_MIN_CHARACTERS, PASSWORD_MIN_SCORE } from '#protocol/password-rules'
import type { PasswordStrength } from './password-strength.ts'
import { brokenLengthRule } from './password-strength.ts'
import { meterText } from './password-meter-text.ts'

/** What the meter shows of a password. */
export interface MeterView {
  /** 0 to 4, of four. */
  steps: number
  tone: 'neutral' | 'weak' | 'good'
  word: string
  advice: string
}

/** @param strength null while the estimator is not there */
export function meterView(password: string, strength: PasswordStrength | null): MeterView {
  if (password === '') return { steps: 0, tone: 'neutral', word: meterText.rule, advice: meterText.idea }
  const broken = brokenLengthRule(password)
  if (broken === 'too-long') return { steps: 1, tone: 'weak', word: meterText.tooLong, advice: meterText.tooLongAdvice }
  if (broken === 'too-short') {
    const count = PASSWORD_MIN_CHARACTERS - Array.from(password.normalize('NFC')).length
    return { steps: 1, tone: 'weak', word: meterText.missing(count), advice: meterText.idea }
  }
  if (strength === null) return { steps: 0, tone: 'neutral', word: meterText.longEnough, advice: '' }
  return {
    steps: Math.max(1, strength.score),
    tone: strength.score < PASSWORD_MIN_SCORE ? 'weak' : 'good',
    word: meterText.scores[strength.score] ?? '',
    advice: strength.advice.slice(0, 2).join(' '),
  }
}
