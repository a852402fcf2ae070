import { expect, test } from 'vitest'
import { formatDate, formatSince } from './format-since.ts'

const NOW = new Date('2026-11-03T12:00:00.000Z')

test.each([
  ['2026-11-03T12:00:05.000Z', 'just now'],
  ['2026-11-03T11:59:30.000Z', 'just now'],
  ['2026-11-03T11:59:00.000Z', '1 minute ago'],
  ['2026-11-03T11:00:01.000Z', '59 minutes ago'],
  ['2026-11-03T09:00:00.000Z', '3 hours ago'],
  ['2026-11-02T11:00:00.000Z', 'yesterday'],
  ['2026-10-20T12:00:00.000Z', '14 days ago'],
])('%s is told as %s', (at, words) => {
  expect(formatSince(at, NOW)).toBe(words)
})

test('what is older than a month is told by its date', () => {
  expect(formatSince('2026-08-02T12:00:00.000Z', NOW)).toBe(formatDate('2026-08-02T12:00:00.000Z'))
  expect(formatDate('2026-08-02T12:00:00.000Z')).toContain('2026')
})
