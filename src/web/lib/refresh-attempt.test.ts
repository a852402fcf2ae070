import { expect, test } from 'vitest'
import { currentAttempt, endAttempt } from './refresh-attempt.ts'

test('an attempt keeps its name until it was answered, and the next one has another', () => {
  const first = currentAttempt()
  expect(first).toMatch(/^[\w-]{24}$/)
  expect(currentAttempt()).toBe(first)

  endAttempt(first)

  const second = currentAttempt()
  expect(second).not.toBe(first)
  // A late answer to the first one leaves alone what was begun since.
  endAttempt(first)
  expect(currentAttempt()).toBe(second)
})
