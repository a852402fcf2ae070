import { expect, test } from 'vitest'
import { formatUntil } from './format-until.ts'

const NOW = new Date('2026-11-03T12:00:00.000Z')

test.each([
  ['2026-11-06T12:00:00.000Z', 'in 3 days'],
  ['2026-11-06T11:59:59.000Z', 'in 3 days'],
  ['2026-11-05T11:00:00.000Z', 'in 2 days'],
  ['2026-11-04T12:00:00.000Z', 'in 24 hours'],
  ['2026-11-03T13:00:00.000Z', 'in 60 minutes'],
  ['2026-11-03T12:00:20.000Z', 'in 0 minutes'],
  ['2026-11-03T11:00:00.000Z', 'in 0 minutes'],
])('what ends at %s ends %s', (at, words) => {
  expect(formatUntil(at, NOW)).toBe(words)
})
