import { expect, test } from 'vitest'
import { PasswordRejectedError } from '../auth-errors.ts'
import { checkNewPassword, PasswordHasher } from './password-hasher.ts'

const hasher = new PasswordHasher(10)

test('the right password matches, another does not', async () => {
  const stored = await hasher.hash('correct horse battery')

  expect(stored).toMatch(/^\$2[aby]\$10\$/)
  expect(await hasher.matches('correct horse battery', stored)).toBe(true)
  expect(await hasher.matches('correct horse batterz', stored)).toBe(false)
})

test('bytes beyond the 72 that bcrypt reads are never ignored', async () => {
  const longest = 'ä'.repeat(36)
  const stored = await hasher.hash(longest)

  expect(await hasher.matches(longest, stored)).toBe(true)
  expect(await hasher.matches(`${longest}x`, stored)).toBe(false)
  await expect(hasher.hash(`${longest}x`)).rejects.toThrow()
})

test('a NUL does not end a password early', async () => {
  const stored = await hasher.hash('correct horse')

  expect(await hasher.matches('correct horse\0battery', stored)).toBe(false)
})

test('an unknown user and an impossible password take as long as a wrong one', async () => {
  const stored = await hasher.hash('correct horse battery')
  const fastest = async (password: string, hash: string | null) => {
    const times: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now()
      await hasher.matches(password, hash)
      times.push(performance.now() - start)
    }
    return Math.min(...times)
  }
  await hasher.matches('warms up the comparison', null)

  const wrong = await fastest('wrong horse battery', stored)

  for (const other of [await fastest('wrong horse battery', null), await fastest('x'.repeat(100), stored), await fastest('a\0b', null)]) {
    expect(other).toBeGreaterThan(wrong / 4)
    expect(other).toBeLessThan(wrong * 4)
  }
})

test.for([
  ['short', /at least 10 characters/],
  ['x'.repeat(73), /longer than 72 bytes/],
  ['long enough\0', /NUL/],
  ['ababababababab', /repeats too few/],
  ['ada-lovelace1', /little more than the user name/],
] as const)('the new password "%s" is refused with what to change', ([password, reason]) => {
  const check = () => {
    checkNewPassword(password, 'ada-lovelace')
  }

  expect(check).toThrow(PasswordRejectedError)
  expect(check).toThrow(reason)
})

test('a passphrase is accepted, in any script', () => {
  checkNewPassword('correct horse battery', 'ada')
  checkNewPassword('пароль длинный', 'ada')
})
