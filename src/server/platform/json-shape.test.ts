import { expect, test } from 'vitest'
import { hasTwinKeys, isTooComplex } from './json-shape.ts'

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

test.for([
  ['{"a":1,"b":2}', false],
  ['{"a":1,"a":2}', true],
  ['{"a":1, "\\u0061" : 2}', true],
  ['{"a":{"a":{"a":1}}}', false],
  ['[{"a":1},{"a":2}]', false],
  ['{"b":[{"a":1}],"c":{"x":"a","a":1},"a":"a"}', false],
  ['{"x":{"y":[1,{"k":1,"k":1}]}}', true],
  ['["a","a"]', false],
  ['"a"', false],
  ['{"a":"\\"","a":"}"}', true],
  ['{"":1,"":2}', true],
] as const)('%s has twin keys: %s', ([text, expected]) => {
  expect(() => void JSON.parse(text)).not.toThrow()
  expect(hasTwinKeys(text)).toBe(expected)
})
