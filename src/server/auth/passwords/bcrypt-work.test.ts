import { expect, test } from 'vitest'
import { costOf } from './bcrypt-cost.ts'
import { compareEvenly, makeHash } from './bcrypt-work.ts'

test('the right password matches, another does not', () => {
  const stored = makeHash('correct horse battery', 5)

  expect(stored).toMatch(/^\$2[aby]\$05\$/)
  expect(compareEvenly({ spellings: ['correct horse battery'], stored, cost: 5 })).toBe(true)
  expect(compareEvenly({ spellings: ['correct horse batterz'], stored, cost: 5 })).toBe(false)
  expect(compareEvenly({ spellings: ['another spelling', 'correct horse battery'], stored, cost: 5 })).toBe(true)
})

test('bytes beyond the 72 that bcrypt reads are refused, not ignored', () => {
  expect(() => makeHash('x'.repeat(73), 5)).toThrow()
})

test.for([
  ['$2b$12$T6CeUCZYuKqXl0oYGHQv5uW1y0T9sXn2yR3gk8mVZbq4cJdHfLwOa', 12],
  ['$2a$04$T6CeUCZYuKqXl0oYGHQv5uW1y0T9sXn2yR3gk8mVZbq4cJdHfLwOa', 4],
  ['$argon2id$v=19$m=65536', null],
  ['$2b$12$tooshort', null],
  ['', null],
  [null, null],
] as const)('the cost of %s is %s', ([stored, cost]) => {
  expect(costOf(stored)).toBe(cost)
})

test('whatever is compared with takes as long: a hash, an old and cheaper one, none, and nothing that bcrypt made', () => {
  const cost = 10
  const median = (stored: string | null, password: string) => {
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now()
      compareEvenly({ spellings: [password], stored, cost })
      return performance.now() - start
    })
    return times.sort((a, b) => a - b)[3] ?? Number.NaN
  }
  const stored = makeHash('correct horse battery', cost)
  const older = makeHash('correct horse battery', 4)
  const wrong = median(stored, 'wrong horse battery')

  // Without the extra work, the cheap hash would answer sixty times as fast, and none at once.
  for (const other of [median(null, 'wrong horse battery'), median(older, 'correct horse battery'), median('', 'x')]) {
    expect(other).toBeGreaterThan(wrong / 4)
    expect(other).toBeLessThan(wrong * 4)
  }
})
