import { expect, test } from 'vitest'
import { readStrength } from './read-strength.ts'

const weak = { score: 1, advice: ['This is a common password.', 'Add words.'] }

test('says nothing of nothing, and nothing before the estimate is there', () => {
  expect(readStrength('', weak)).toEqual({ word: null, filled: 0, isEnough: false, advice: '' })
  expect(readStrength('long enough', null)).toMatchObject({ word: null, filled: 0, isEnough: false })
})

test('says what breaks a rule before what is easy to guess', () => {
  expect(readStrength('short', weak)).toMatchObject({ word: expect.stringContaining('Too short'), filled: 1, advice: '' })
  expect(readStrength('ä'.repeat(37), { score: 4, advice: [] })).toMatchObject({
    word: expect.stringContaining('Too long'),
    isEnough: false,
  })
})

test('gives advice until it is enough', () => {
  const expected = { word: 'Too easy to guess.', filled: 1, isEnough: false, advice: 'This is a common password. Add words.' }
  expect(readStrength('password12', weak)).toEqual(expected)
  expect(readStrength('aaaaaaaaaa', { ...weak, score: 0 })).toMatchObject({ filled: 1 })
  expect(readStrength('four words it is', { score: 3, advice: [] })).toMatchObject({ word: 'Hard to guess.', filled: 3, isEnough: true })
  expect(readStrength('four words it is', { score: 4, advice: ['x'] })).toMatchObject({ filled: 4, isEnough: true, advice: '' })
})
