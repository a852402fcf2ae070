import { brokenLengthRule } from '../lib/password-strength.ts'
import { meterText } from '../lib/password-meter-text.ts'
import { formText, setupText } from './text-sign-in.ts'

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u

/** The field to look at again, and why. */
export interface FormMistake {
  field: string
  message: string
}

/** What is wrong with the fields of the sign-in form; null where nothing is. */
export function signInMistake({ username, password }: { username: string; password: string }): FormMistake | null {
  return missing('username', username, formText.usernameMissing) ?? missing('password', password, formText.passwordMissing)
}

/** What is wrong with the name and password of a new account; null where nothing is. */
export function newAccountMistake({ username, password }: { username: string; password: string }): FormMistake | null {
  if (username === '') return { field: 'username', message: formText.usernameMissing }
  if (!USERNAME.test(username)) return { field: 'username', message: formText.usernameRule }
  const broken = brokenLengthRule(password)
  if (broken === 'too-short') return { field: 'password', message: formText.passwordTooShort }
  return broken === 'too-long' ? { field: 'password', message: meterText.tooLongAdvice } : null
}

/** What is wrong with the fields of the form for the first account; null where nothing is. */
export function setupMistake(fields: { username: string; password: string; setupCode: string }): FormMistake | null {
  return newAccountMistake(fields) ?? missing('setupCode', fields.setupCode, setupText.setupCodeMissing)
}

export function missing(field: string, value: string, message: string): FormMistake | null {
  return value === '' ? { field, message } : null
}
