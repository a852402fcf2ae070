import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Username } from '#protocol/auth'
import { usernameKey } from './username-key.ts'

test.for([
  ['Ada', 'ada'],
  ['ＡＤＡ', 'ada'],
  ['Straße', 'STRASSE'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
  ['é', 'e\u0301'],
  ['ﬁn', 'fin'],
  ['ıris', 'iris'],
] as const)('%s and %s are one name', ([one, other]) => {
  expect(usernameKey(one)).toBe(usernameKey(other))
})

test('property: writing a name in another case, or its key, is the same name', () => {
  const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter((name) => Username.safeParse(name).success)
  fc.assert(
    fc.property(names, (name) => {
      const key = usernameKey(name)
      for (const form of [name.toLowerCase(), name.toUpperCase(), name.normalize('NFKC'), key]) expect(usernameKey(form)).toBe(key)
    }),
    { numRuns: 2000 },
  )
})

test('a name that becomes another kind of text in its normal form is refused', () => {
  expect(Username.safeParse('\ufdfa').success).toBe(false)
  expect(Username.safeParse('ﬁn').success).toBe(true)
})
