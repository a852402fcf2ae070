import type { PasswordVerdict } from '#protocol/auth'
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS } from '#protocol/password-rules'
import { PasswordRejectedError } from '../auth-errors.ts'

/** `complexity` additionally wants upper case, lower case, a digit and another character. */
export type PasswordPolicy = 'strength' | 'complexity'

const PHRASE = 'Think of a sentence or of four or more unrelated words.'

/**
 * A password as it is hashed: NFC, so that it is the same on a keyboard that types an accented letter as one character and
 * on one that types it as two (RFC 8265, section 4.2).
 */
export function canonical(password: string): string {
  return password.normalize('NFC')
}

/** Whether bcrypt would take all of it into account. */
export function isHashable(password: string): boolean {
  return Buffer.byteLength(password) <= PASSWORD_MAX_BYTES && !password.includes('\0')
}

/**
 * What can be said of a new password by looking at it.
 * @param password canonical
 * @throws PasswordRejectedError
 */
export function checkForm(password: string, policy: PasswordPolicy): void {
  if (password.includes('\0')) reject('nul', 'The password must not contain a NUL character.', ['Remove it; any other character may stay.'])
  if (Array.from(password).length < PASSWORD_MIN_CHARACTERS)
    reject('too-short', `The password needs at least ${String(PASSWORD_MIN_CHARACTERS)} characters.`, [PHRASE])
  if (Buffer.byteLength(password) > PASSWORD_MAX_BYTES)
    reject('too-long', `The password is longer than ${String(PASSWORD_MAX_BYTES)} bytes, which is as much as bcrypt reads.`, [
      'Make it shorter. Letters with accents count as two bytes, those of many scripts as three, emoji as four or more.',
    ])
  if (policy === 'complexity') checkComposition(password)
}

const CLASSES: [RegExp, string][] = [
  [/\p{Lu}/u, 'an upper-case letter'],
  [/\p{Ll}/u, 'a lower-case letter'],
  [/\p{Nd}/u, 'a digit'],
  [/[^\p{L}\p{Nd}]/u, 'a character that is neither letter nor digit'],
]

function checkComposition(password: string): void {
  const missing = CLASSES.filter(([pattern]) => !pattern.test(password)).map(([, name]) => name)
  if (missing.length === 0) return
  reject(
    'too-simple',
    `The password lacks ${new Intl.ListFormat('en').format(missing)}, which this server demands.`,
    missing.map((name) => `Add ${name}.`),
  )
}

/** @throws PasswordRejectedError, always */
export function reject(reason: PasswordVerdict['reason'], sentence: string, suggestions: string[]): never {
  throw new PasswordRejectedError(sentence, { reason, suggestions })
}
