import { describe, expect, test } from 'vitest'
import { ApiError } from '../../lib/api-error.ts'
import { faultsOf } from './password-faults.ts'

const failed = (code: 'INVALID_CREDENTIALS' | 'PASSWORD_REJECTED' | 'RATE_LIMITED', details = {}) =>
  new ApiError({ code, message: 'A sentence.', details })

describe('faultsOf', () => {
  test('says a wrong password at the one that is', () => {
    expect(faultsOf(failed('INVALID_CREDENTIALS'), 'Wrong.')).toEqual({ current: 'Wrong.', suggestions: [] })
  })

  test('says what the server has against the new one there, with what to do', () => {
    const error = failed('PASSWORD_REJECTED', { reason: 'too-weak', suggestions: ['Add words.'], fields: [] })
    expect(faultsOf(error, 'Too weak.')).toEqual({ next: 'Too weak.', suggestions: ['Add words.'] })
    expect(faultsOf(error, 'Too weak. Add words.')).toEqual({ next: 'Too weak. Add words.', suggestions: [] })
    expect(faultsOf(failed('PASSWORD_REJECTED'), 'Too weak.')).toEqual({ next: 'Too weak.', suggestions: [] })
  })

  test('says everything else below the form, and nothing of nothing', () => {
    expect(faultsOf(failed('RATE_LIMITED'), 'Wait.')).toEqual({ form: 'Wait.', suggestions: [] })
    expect(faultsOf(new Error('broken'), 'Broken.')).toEqual({ form: 'Broken.', suggestions: [] })
    expect(faultsOf(null, undefined)).toEqual({ suggestions: [] })
  })
})
