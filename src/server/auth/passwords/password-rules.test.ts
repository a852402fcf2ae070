import { expect, test } from 'vitest'
import { PasswordRejectedError } from '../auth-errors.ts'
import { canonical, checkForm, isHashable, type PasswordPolicy } from './password-rules.ts'

function reasonFor(password: string, policy: PasswordPolicy = 'strength'): unknown {
  try {
    checkForm(canonical(password), policy)
    return null
  } catch (error) {
    if (error instanceof PasswordRejectedError) return error.details?.reason
    throw error
  }
}

test.for([
  ['nine char', 'too-short'],
  ['ten chars!', null],
  // Ten characters, however many units and bytes they take.
  ['😀'.repeat(9), 'too-short'],
  ['😀'.repeat(10), null],
  // Ten letters, each typed as two: nine characters would be left.
  ['e\u0301'.repeat(9), 'too-short'],
  ['x'.repeat(72), null],
  ['x'.repeat(73), 'too-long'],
  ['ä'.repeat(36), null],
  ['ä'.repeat(37), 'too-long'],
  // 108 bytes as typed, 72 as hashed.
  ['a\u0308'.repeat(36), null],
  ['日'.repeat(24), null],
  ['日'.repeat(25), 'too-long'],
  ['long enough\0', 'nul'],
  ['\0', 'nul'],
] as const)('%j is refused as: %s', ([password, reason]) => {
  expect(reasonFor(password)).toBe(reason)
})

test.for([
  ['correct horse battery', 'too-simple'],
  ['Correct horse battery', 'too-simple'],
  ['Correct horse battery 4', null],
  ['CorrectHorse4Battery', 'too-simple'],
  ['Верная лошадь 4', null],
] as const)('where complexity is demanded, %j is refused as: %s', ([password, reason]) => {
  expect(reasonFor(password, 'complexity')).toBe(reason)
})

test('what is missing is named', () => {
  expect(() => {
    checkForm('correct horse battery', 'complexity')
  }).toThrow('The password lacks an upper-case letter and a digit, which this server demands.')
})

test('bcrypt takes 72 bytes and no NUL', () => {
  expect([isHashable('x'.repeat(72)), isHashable('x'.repeat(73)), isHashable('a\0b')]).toEqual([true, false, false])
})
