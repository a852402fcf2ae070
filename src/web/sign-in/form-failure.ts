import * as z from 'zod/mini'
import { PasswordVerdict } from '#protocol/auth'
import { ApiError, messageOf } from '../lib/api-error.ts'
import { PasskeyFailure } from '../lib/passkeys.ts'
import { factorText, passkeyText, waitText } from './text-sign-in.ts'

/** What went wrong, as the form tells it. */
export interface FormFailure {
  message: string
  /** The field to look at again. */
  field: string | null
  /** What to do about a new password. */
  suggestions: string[]
  /** Nothing failed: the person chose so. */
  isCalm: boolean
  /** Seconds until another try makes sense; null where at once. */
  waitSeconds: number | null
}

/** Which field an answer is about. */
const FIELDS: Record<string, string> = {
  PASSWORD_REJECTED: 'password',
  INVALID_CREDENTIALS: 'password',
  INVALID_CODE: 'code',
  CONFLICT: 'username',
  FORBIDDEN: 'setupCode',
}

const FieldProblems = z.object({ fields: z.array(z.object({ field: z.string() })) })

/** @param field what the message is about */
export function toFailure(message: string, field: string | null = null): FormFailure {
  return { message, field, suggestions: [], isCalm: false, waitSeconds: null }
}

/** What a form tells of an error. */
export function failureOf(error: unknown): FormFailure {
  if (error instanceof PasskeyFailure) return { ...toFailure(passkeyText[error.reason]), isCalm: error.reason === 'dismissed' }
  if (!(error instanceof ApiError)) return toFailure(messageOf(error))
  if (error.code === 'RATE_LIMITED') {
    return { ...toFailure(waitText.tooMany), waitSeconds: error.retryAfter ?? 0 }
  }
  if (error.code === 'PASSWORD_REJECTED') {
    const verdict = PasswordVerdict.safeParse(error.details)
    return { ...toFailure(error.message, 'password'), suggestions: verdict.success ? verdict.data.suggestions : [] }
  }
  return toFailure(error.message, FIELDS[error.code] ?? namedField(error.details))
}

/** What a refused second factor asks for. */
export function factorFailureOf(error: unknown, kind: 'totp' | 'recovery-code' | 'passkey'): FormFailure {
  if (!(error instanceof ApiError) || error.code !== 'INVALID_CODE') return failureOf(error)
  if (kind === 'passkey') return toFailure(factorText.passkeyWrong)
  return toFailure(kind === 'totp' ? factorText.codeWrong : factorText.recoveryCodeWrong, 'code')
}

function namedField(details: Record<string, unknown>): string | null {
  const problems = FieldProblems.safeParse(details)
  return problems.success ? (problems.data.fields[0]?.field ?? null) : null
}
