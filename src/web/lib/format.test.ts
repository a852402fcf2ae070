import { expect, test } from 'vitest'
import { formatAge, formatDay } from './format.ts'

const now = new Date(2026, 10, 23, 12, 0)

function before(ms: number): string {
  return new Date(now.getTime() - ms).toISOString()
}

test('an age grows from now over minutes and hours to the day', () => {
  expect(formatAge(before(30_000), now)).toBe('now')
  expect(formatAge(before(5 * 60_000), now)).toBe('5m')
  expect(formatAge(before(3 * 3_600_000 + 1), now)).toBe('3h')
  expect(formatAge(before(50 * 3_600_000), now)).toMatch(/21/)
})

test('a clock that is behind the server’s shows now and not a negative age', () => {
  expect(formatAge(before(-90_000), now)).toBe('now')
})

test('days are told by the calendar and not by 24 hours', () => {
  expect(formatDay(new Date(2026, 10, 23, 0, 5).toISOString(), now)).toBe('Today')
  expect(formatDay(new Date(2026, 10, 22, 23, 55).toISOString(), now)).toBe('Yesterday')
  expect(formatDay(new Date(2026, 10, 20, 9, 0).toISOString(), now)).toBe('Friday')
  expect(formatDay(new Date(2025, 4, 1, 9, 0).toISOString(), now)).toMatch(/2025/)
})
