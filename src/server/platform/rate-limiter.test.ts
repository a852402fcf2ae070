import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestClock } from '../../../test/support/test-clock.ts'
import { RateLimiter } from './rate-limiter.ts'

test('a burst is served, then one at a time as tokens come back', () => {
  const clock = new TestClock()
  const limiter = new RateLimiter({ clock, capacity: 3, perSecond: 0.5 })

  expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 2])
  clock.advance(1000)
  expect(limiter.take('a')).toBe(1)
  clock.advance(1000)
  expect(limiter.take('a')).toBe(0)
})

test('keys do not share tokens, and a reset gives them back', () => {
  const limiter = new RateLimiter({ clock: new TestClock(), capacity: 1, perSecond: 1 })
  limiter.take('a')

  expect(limiter.take('b')).toBe(0)
  expect(limiter.take('a')).toBe(1)
  limiter.reset('a')
  expect(limiter.take('a')).toBe(0)
})

test('never more than the capacity and what came back is served', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }), (capacity, pausesMs) => {
      const clock = new TestClock()
      const limiter = new RateLimiter({ clock, capacity, perSecond: 2 })
      let served = 0
      let elapsedMs = 0
      for (const pauseMs of pausesMs) {
        clock.advance(pauseMs)
        elapsedMs += pauseMs
        if (limiter.take('a') === 0) served += 1
      }
      expect(served).toBeLessThanOrEqual(capacity + (elapsedMs / 1000) * 2)
    }),
  )
})

test('the number of keys is bounded: the one not seen for longest is forgotten', () => {
  const limiter = new RateLimiter({ clock: new TestClock(), capacity: 1, perSecond: 1, maxKeys: 2 })
  for (const key of ['a', 'b', 'c']) limiter.take(key)

  expect(limiter.take('c')).toBe(1)
  expect(limiter.take('a')).toBe(0)
})
