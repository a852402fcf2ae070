import { expect, test } from 'vitest'
import { ruleAddress, ruleInWords } from './rule-in-words.ts'

test.each([
  ['A global rule of ada denies it: Not here (rul_a-B_9)', { words: 'A global rule of ada denies it: Not here', ruleId: 'rul_a-B_9' }],
  [
    'A global rule of ada denies it: see (a)\nand (rul_b) (rul_c)',
    { words: 'A global rule of ada denies it: see (a)\nand (rul_b)', ruleId: 'rul_c' },
  ],
  ['Only reads inside the project', { words: 'Only reads inside the project', ruleId: null }],
  ['A reason that says (rul_x) in between.', { words: 'A reason that says (rul_x) in between.', ruleId: null }],
])('%s', (name, expected) => {
  expect(ruleInWords(name)).toEqual(expected)
})

test('the address of a rule names it', () => {
  expect(ruleAddress('rul_a-B_9')).toBe('/policy?rule=rul_a-B_9')
})
