import { ApiError } from '../../lib/api-error.ts'
import { PasskeyFailure } from '../../lib/passkeys.ts'
import { failureOf } from '../../lib/step-up.ts'
import { useNow } from '../../lib/use-now.ts'
import { commonText, passkeyFailureText } from './text-account.ts'

interface Attempt {
  error: Error | null
  /** When it was sent, in ms since 1970; 0 before the first. */
  submittedAt: number
}

interface Failure {
  /** The sentence to show. */
  sentence: string | undefined
  /** Seconds until another try is let through. */
  wait: number
}

/** What to say of a failed attempt; where the server limits them, with the seconds that are left. */
export function useFailure(attempt: Attempt): Failure {
  const now = useNow(1000)
  return failureAt(attempt, now.getTime())
}

/** As {@link useFailure}, at `now` in ms since 1970. */
export function failureAt({ error, submittedAt }: Attempt, now: number): Failure {
  if (error instanceof PasskeyFailure) return { sentence: passkeyFailureText[error.reason], wait: 0 }
  if (!(error instanceof ApiError) || error.retryAfter === null) return { sentence: failureOf(error), wait: 0 }
  const left = Math.ceil(submittedAt / 1000 + error.retryAfter - now / 1000)
  // The clock of the page ticks once a second, so it may be behind the attempt.
  const wait = Math.max(0, Math.min(left, error.retryAfter))
  return { sentence: wait === 0 ? commonText.tryAgainNow : commonText.tryAgainIn(wait), wait }
}
