import { describe, expect, test } from 'vitest'
import { ApiError } from '../../lib/api-error.ts'
import { PasskeyFailure } from '../../lib/passkeys.ts'
import { StepUpCancelled } from '../../lib/step-up.ts'
import { failureAt } from './use-failure.ts'

const SENT = Date.parse('2026-11-01T12:00:00.000Z')
const limited = new ApiError({ code: 'RATE_LIMITED', message: 'Too many wrong answers.', status: 429, retryAfter: 30 })

describe('failureAt', () => {
  test('counts down to the next try', () => {
    const attempt = { error: limited, submittedAt: SENT }
    expect(failureAt(attempt, SENT + 10_000)).toEqual({ sentence: 'Too many attempts. Try again in 20 seconds.', wait: 20 })
    expect(failureAt(attempt, SENT + 29_500).sentence).toBe('Too many attempts. Try again in 1 second.')
    expect(failureAt(attempt, SENT + 30_000)).toEqual({ sentence: 'You can try again now.', wait: 0 })
  })

  test('counts long waits in minutes', () => {
    const long = new ApiError({ code: 'RATE_LIMITED', message: 'Too many.', retryAfter: 600 })
    expect(failureAt({ error: long, submittedAt: SENT }, SENT + 1000).sentence).toBe('Too many attempts. Try again in 10 minutes.')
  })

  test('promises no longer wait than the server, whatever the clock of the page says', () => {
    expect(failureAt({ error: limited, submittedAt: SENT }, SENT - 900).wait).toBe(30)
  })

  test('says what the server said, and nothing of a dialog that was closed', () => {
    const wrong = new ApiError({ code: 'INVALID_CODE', message: 'The code is wrong.', status: 401 })
    expect(failureAt({ error: wrong, submittedAt: SENT }, SENT)).toEqual({ sentence: 'The code is wrong.', wait: 0 })
    expect(failureAt({ error: new StepUpCancelled(), submittedAt: SENT }, SENT).sentence).toBeUndefined()
    expect(failureAt({ error: null, submittedAt: 0 }, SENT).sentence).toBeUndefined()
  })

  test('words what the browser said of a passkey', () => {
    const { sentence } = failureAt({ error: new PasskeyFailure('known-already', null), submittedAt: SENT }, SENT)
    expect(sentence).toContain('already has a passkey')
  })
})
