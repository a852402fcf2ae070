import { expect, test } from 'vitest'
import { ApiError } from '../lib/api-error.ts'
import { PasskeyFailure } from '../lib/passkeys.ts'
import { factorFailureOf, failureOf } from './form-failure.ts'
import { waitClock, waitDuration } from './format-wait.ts'

test('a refused password brings what to do about it to its field', () => {
  const details = { reason: 'too-weak', suggestions: ['Add more words.'] }

  expect(failureOf(new ApiError({ code: 'PASSWORD_REJECTED', message: 'Too easy.', status: 400, details }))).toMatchObject({
    message: 'Too easy.',
    field: 'password',
    suggestions: ['Add more words.'],
  })
})

test('too many attempts have to wait as long as the server says', () => {
  expect(failureOf(new ApiError({ code: 'RATE_LIMITED', message: 'x', status: 429, retryAfter: 42 })).waitSeconds).toBe(42)
})

test('the field that the server did not understand is looked at again', () => {
  const details = { fields: [{ field: 'username', problem: 'is too long' }] }

  expect(failureOf(new ApiError({ code: 'BAD_REQUEST', message: 'x', status: 400, details })).field).toBe('username')
})

test('a passkey that was not used is no failure', () => {
  expect(failureOf(new PasskeyFailure('dismissed', null)).isCalm).toBe(true)
  expect(failureOf(new PasskeyFailure('no-authenticator', null)).isCalm).toBe(false)
})

test('each factor that was refused says what to check', () => {
  const refused = new ApiError({ code: 'INVALID_CODE', message: 'x', status: 401 })

  expect(factorFailureOf(refused, 'totp').message).toMatch(/clock/)
  expect(factorFailureOf(refused, 'recovery-code').message).toMatch(/used already/)
  expect(factorFailureOf(refused, 'passkey')).toMatchObject({ field: null })
  expect(factorFailureOf(new ApiError({ code: 'NETWORK', message: 'offline' }), 'totp').message).toBe('offline')
})

test('a wait is told in digits to eyes and in words to ears', () => {
  expect([waitClock(5), waitClock(42), waitClock(125)]).toEqual(['0:05', '0:42', '2:05'])
  expect([waitDuration(1), waitDuration(42), waitDuration(61)]).toEqual(['1 second', '42 seconds', '2 minutes'])
})
