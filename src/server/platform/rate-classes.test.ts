import { expect, test } from 'vitest'
import { parseRates } from './rate-classes.ts'

test('classes are named with their figures', () => {
  expect(parseRates('reading=12000, sign-in=30')).toEqual({ reading: 12_000, 'sign-in': 30 })
})

test.for(['reading', 'reading=', 'reading=0', 'reading=-1', 'reading=1.5', 'nothing=5', 'reading=5,reading=6', 'reading=5,', 'toString=5'])(
  '%s is a mistake',
  (text) => {
    expect(parseRates(text)).toBeNull()
  },
)
