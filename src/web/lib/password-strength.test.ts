import { expect, test } from 'vitest'
import { PASSWORD_MIN_SCORE } from '#protocol/password-rules'
import { brokenLengthRule, estimatePassword } from './password-strength.ts'

test('a password counts in characters for its least length and in bytes for its greatest', () => {
  expect(brokenLengthRule('short')).toBe('too-short')
  expect(brokenLengthRule('🙂'.repeat(9))).toBe('too-short')
  expect(brokenLengthRule('🙂'.repeat(10))).toBeNull()
  expect(brokenLengthRule('🙂'.repeat(18))).toBeNull()
  expect(brokenLengthRule('🙂'.repeat(19))).toBe('too-long')
  expect(brokenLengthRule('x'.repeat(72))).toBeNull()
  expect(brokenLengthRule('x'.repeat(73))).toBe('too-long')
  expect(brokenLengthRule('e\u0301'.repeat(9))).toBe('too-short')
})

test.for(['password123', 'P@ssw0rd2024', 'qwertyuiop', 'aaaaaaaaaaaa', '1234567890'])(
  '"%s" is too easy, and why is told',
  async (password) => {
    const { score, advice } = await estimatePassword(password, 'ada')

    expect(score).toBeLessThan(PASSWORD_MIN_SCORE)
    expect(advice.length).toBeGreaterThan(0)
  },
)

test('a few words are strong', async () => {
  expect((await estimatePassword('correct horse battery', 'ada')).score).toBe(4)
})

test('the name of the user and of the product make a password no stronger', async () => {
  const mine = await estimatePassword('zbigniewkrawczuk', 'zbigniew.krawczuk')
  const product = await estimatePassword('aicodeui2024', 'ada')

  expect(mine.score).toBeLessThan(PASSWORD_MIN_SCORE)
  expect(mine.score).toBeLessThan((await estimatePassword('zbigniewkrawczuk', 'ada')).score)
  expect(product.score).toBeLessThan(PASSWORD_MIN_SCORE)
})
