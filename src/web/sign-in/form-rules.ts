import { signInText } from '../lib/text.ts'

/** bcrypt looks at no more; a longer password would be cut without a word. */
const PASSWORD_MAX_BYTES = 72
const PASSWORD_MIN_LENGTH = 10
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u

/** The field to look at again, and why. */
export interface FormMistake {
  field: 'username' | 'password' | 'setupCode'
  message: string
}

/** What is wrong with the fields of the sign-in form; null where nothing is. */
export function signInMistake(fields: { username: string; password: string }): FormMistake | null {
  if (fields.username === '') return { field: 'username', message: signInText.usernameMissing }
  if (fields.password === '') return { field: 'password', message: signInText.passwordMissing }
  return null
}

/** What is wrong with the fields of the form for the first account; null where nothing is. */
export function setupMistake(fields: { username: string; password: string; setupCode: string }): FormMistake | null {
  if (fields.username === '') return { field: 'username', message: signInText.usernameMissing }
  if (!USERNAME.test(fields.username)) return { field: 'username', message: signInText.usernameRule }
  const passwordMessage = passwordMistake(fields.password)
  if (passwordMessage !== null) return { field: 'password', message: passwordMessage }
  if (fields.setupCode === '') return { field: 'setupCode', message: signInText.setupCodeMissing }
  return null
}

function passwordMistake(password: string): string | null {
  if (Array.from(password).length < PASSWORD_MIN_LENGTH) return signInText.passwordTooShort
  if (new TextEncoder().encode(password).length > PASSWORD_MAX_BYTES) return signInText.passwordTooLong
  return null
}
