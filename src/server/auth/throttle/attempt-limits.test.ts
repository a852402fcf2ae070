import { expect, test } from 'vitest'
import { counterOf, delayAfter, tallyKey } from './attempt-limits.ts'

test.for([
  ['account', 4, 0],
  ['account', 5, 4],
  ['account', 6, 8],
  ['account', 12, 512],
  ['account', 13, 900],
  ['account', 1_000_000, 900],
  ['device', 5, 4],
  ['address', 19, 0],
  ['address', 20, 4],
] as const)('after %s: %i failures the wait is %i s', ([kind, failures, seconds]) => {
  expect(delayAfter(kind, failures)).toBe(seconds)
})

test('keys do not tell what they count', () => {
  expect(counterOf('account', 'hunter2').key).toMatch(/^account:[0-9a-f]{64}$/)
  expect(tallyKey('hunter2')).toMatch(/^tally:[0-9a-f]{64}$/)
})
