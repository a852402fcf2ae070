import { expect, test } from 'vitest'
import { isTooComplex } from './message-shape.ts'

test.for([
  ['[[[]]]', false],
  ['[[[[]]]]', true],
  ['{"a":{"b":{"c":{}}}}', true],
  ['"[[[[[[[["', false],
  ['"\\"[[[[[[[["', false],
  ['["\\\\",[[[[', true],
  ['[1,2,3,4]', false],
  ['[1,2,3,4,5,6]', true],
  ['",,,,,,,,,,"', false],
  ['"never ends [[[[[[', false],
  ['', false],
] as const)('of at most 3 levels and 6 values, %s is too complex: %s', ([text, expected]) => {
  expect(isTooComplex(text, { depth: 3, values: 6 })).toBe(expected)
})
