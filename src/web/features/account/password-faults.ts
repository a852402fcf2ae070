import { PasswordVerdict } from '#protocol/auth'
import { ApiError } from '../../lib/api-error.ts'

/** What was wrong with a change of password, by the place where it is said. */
export interface PasswordFaults {
  current?: string
  next?: string
  /** What to do about `next`, as sentences. */
  suggestions: string[]
  /** Said below the form: neither field is to blame. */
  form?: string
}

/** @param sentence what is to be said of `error`; undefined for nothing */
export function faultsOf(error: Error | null, sentence: string | undefined): PasswordFaults {
  if (sentence === undefined) return { suggestions: [] }
  const code = error instanceof ApiError ? error.code : null
  if (code === 'INVALID_CREDENTIALS') return { current: sentence, suggestions: [] }
  if (!(error instanceof ApiError) || code !== 'PASSWORD_REJECTED') return { form: sentence, suggestions: [] }
  const suggestions = PasswordVerdict.safeParse(error.details).data?.suggestions ?? []
  return { next: sentence, suggestions: suggestions.filter((suggestion) => !sentence.includes(suggestion)) }
}
