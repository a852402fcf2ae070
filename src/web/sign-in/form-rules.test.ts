import { expect, test } from 'vitest'
import { newAccountMistake, setupMistake, signInMistake } from './form-rules.ts'

const good = { username: 'ada', password: 'correct horse', setupCode: 'ABCD' }

test('fields that are complete have no mistake', () => {
  expect(setupMistake(good)).toBeNull()
  expect(newAccountMistake(good)).toBeNull()
  expect(signInMistake(good)).toBeNull()
})

test('the first empty field is named', () => {
  expect(signInMistake({ username: '', password: '' })?.field).toBe('username')
  expect(signInMistake({ username: 'ada', password: '' })?.field).toBe('password')
  expect(setupMistake({ ...good, setupCode: '' })?.field).toBe('setupCode')
})

test('a password that is too short or too long is named before the server is asked', () => {
  expect(newAccountMistake({ ...good, password: 'short' })?.field).toBe('password')
  expect(newAccountMistake({ ...good, password: 'x'.repeat(73) })?.field).toBe('password')
})

test('a name may have letters of any language but no space', () => {
  expect(setupMistake({ ...good, username: 'Jürgen_2' })).toBeNull()
  expect(setupMistake({ ...good, username: 'ada lovelace' })?.field).toBe('username')
})
