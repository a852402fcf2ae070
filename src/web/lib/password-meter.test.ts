import { expect, test } from 'vitest'
import { meterView } from './password-meter.ts'

const strong = { score: 4, advice: [] }

test('before anything is typed it tells the rule', () => {
  expect(meterView('', null)).toMatchObject({ steps: 0, tone: 'neutral', word: 'At least 10 characters.' })
})

test('a short password is never called strong, and how much is missing is told', () => {
  expect(meterView('a1!ö', strong)).toMatchObject({ steps: 1, tone: 'weak', word: '6 more characters are needed.' })
  expect(meterView('🙂'.repeat(9), strong)).toMatchObject({ word: '1 more character is needed.' })
})

test('until the estimator is there it tells the length alone', () => {
  expect(meterView('long enough', null)).toMatchObject({ steps: 0, tone: 'neutral', word: 'Long enough' })
})

test.for([
  [0, 1, 'weak'],
  [1, 1, 'weak'],
  [2, 2, 'weak'],
  [3, 3, 'good'],
  [4, 4, 'good'],
] as const)('a score of %i fills %i of four steps and is %s', ([score, steps, tone]) => {
  expect(meterView('long enough', { score, advice: [] })).toMatchObject({ steps, tone })
})

test('it gives the reason and the first advice, and no more', () => {
  expect(meterView('long enough', { score: 1, advice: ['Why.', 'Do this.', 'And that.'] }).advice).toBe('Why. Do this.')
})

test('a password that is too long is told so, however strong', () => {
  expect(meterView('x'.repeat(73), strong)).toMatchObject({ tone: 'weak', word: 'Too long' })
})
