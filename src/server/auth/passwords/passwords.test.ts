import { hostname } from 'node:os'
import { hash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import type { UserId } from '#protocol/ids'
import { PASSWORD } from '../../../../test/support/api-client.ts'
import { createTestDatabase, insertUser } from '../../../../test/support/test-database.ts'
import type { Database } from '../../platform/database.ts'
import { PasswordRejectedError } from '../auth-errors.ts'
import { replacePassword } from './password-records.ts'
import type { PasswordPolicy } from './password-rules.ts'
import { Passwords } from './passwords.ts'

async function setup(policy: PasswordPolicy = 'strength') {
  const database = await createTestDatabase()
  const passwords = new Passwords({ database, bcryptRounds: 5, policy })
  const verdict = async (password: string, username = 'ada', userId: UserId | null = null) => {
    try {
      await passwords.checkNew(password, { username, userId })
      return 'accepted'
    } catch (error) {
      if (error instanceof PasswordRejectedError) return error.details?.reason
      throw error
    }
  }
  return { database, passwords, verdict }
}

const hashOf = async (database: Database, userId: UserId) =>
  (await database.selectFrom('users').select('password_hash').where('id', '=', userId).executeTakeFirstOrThrow()).password_hash

test('passwords that are guessed first are refused, long phrases are not', async () => {
  const { verdict } = await setup()
  const table: [string, string][] = [
    [PASSWORD, 'accepted'],
    ['a long enough passphrase', 'accepted'],
    ['correct horse battery staple lamp', 'accepted'],
    ['dear diary the cat slept well', 'accepted'],
    ['пароль длинный', 'accepted'],
    ['日本語のパスワードです長い', 'accepted'],
    ['zkJ8#mvLq2', 'accepted'],
    ['short7!', 'too-short'],
    ['password1', 'too-short'],
    ['password1234', 'too-weak'],
    ['P@ssw0rd123', 'too-weak'],
    ['1234567890', 'too-weak'],
    ['qwertyuiop', 'too-weak'],
    ['letmein12345', 'too-weak'],
    ['Spring2026!', 'too-weak'],
    ['aicodeui2026', 'too-weak'],
    ['AI Code UI!', 'too-weak'],
    ['claudecodex', 'too-weak'],
    ['x'.repeat(72), 'too-weak'],
    ['ab'.repeat(36), 'too-weak'],
    ['x'.repeat(73), 'too-long'],
    ['long enough\0', 'nul'],
  ]

  for (const [password, expected] of table) expect(`${password}: ${String(await verdict(password))}`).toBe(`${password}: ${expected}`)
})

test("the user's and the machine's names do not help", async () => {
  const { verdict } = await setup()

  for (const password of ['ada-lovelace1', 'AdaLovelace!', 'lovelace.ada', 'ada-lovelaceada-lovelace', 'adalovelace1999'])
    expect(`${password}: ${String(await verdict(password, 'ada-lovelace'))}`).toBe(`${password}: too-weak`)
  expect(['too-weak', 'too-short']).toContain(await verdict(`${hostname().slice(0, 60)}1!`))
})

test('a refusal says why, to programs and to people', async () => {
  const { passwords } = await setup()

  const refused = passwords.checkNew('qwertyuiop', { username: 'ada', userId: null })

  await expect(refused).rejects.toMatchObject({
    code: 'PASSWORD_REJECTED',
    message: expect.stringMatching(/^The password is too easy to guess\. .+\.$/),
    details: {
      reason: 'too-weak',
      suggestions: expect.arrayContaining([expect.stringMatching(/\.$/)]),
      fields: [{ field: 'password', problem: expect.any(String) }],
    },
  })
})

test('where complexity is demanded it comes on top', async () => {
  const { verdict } = await setup('complexity')

  expect(await verdict('correct horse battery')).toBe('too-simple')
  expect(await verdict('Correct horse battery 4')).toBe('accepted')
  expect(await verdict('Password123!')).toBe('too-weak')
})

test('the last five passwords are refused, the one before them is not', async () => {
  const { database, passwords, verdict } = await setup()
  const phrases = Array.from({ length: 7 }, (_, index) => `the phrase number ${String(index)} of ada`)
  const userId = await insertUser(database, { username: 'ada', password: phrases[0] ?? '' })
  for (const [index, phrase] of phrases.slice(1).entries()) {
    const user = { id: userId, password_hash: await hashOf(database, userId) }
    const replacement = {
      passwordHash: await hash(phrase, { cost: 4 }),
      at: new Date(index),
      reason: '',
      exceptLogin: null,
      exceptDevice: null,
    }
    await database.transaction().execute((transaction) => replacePassword(transaction, { user, ...replacement }))
  }

  const verdicts = []
  for (const phrase of phrases) verdicts.push(await verdict(phrase, 'ada', userId))

  expect(verdicts).toEqual(['accepted', 'accepted', 'used-before', 'used-before', 'used-before', 'used-before', 'unchanged'])
  expect(await database.selectFrom('password_history').select('id').execute()).toHaveLength(4)
  expect(await passwords.matches(phrases[6] ?? '', await hashOf(database, userId))).toBe(true)
})

test('a letter is the same however it was typed, also in hashes made before that', async () => {
  const { passwords } = await setup()
  const [composed, decomposed] = ['pâtisserie à Orléans', 'pâtisserie à Orléans'.normalize('NFD')]
  expect(composed).not.toBe(decomposed)

  for (const stored of [await passwords.hash(composed), await passwords.hash(decomposed)]) {
    expect(await passwords.matches(composed, stored)).toBe(true)
    expect(await passwords.matches(decomposed, stored)).toBe(true)
  }
  expect(await passwords.matches(decomposed, await hash(decomposed, { cost: 4 }))).toBe(true)
})

test('bytes beyond the 72 that bcrypt reads are never ignored', async () => {
  const { passwords } = await setup()
  const longest = 'ä'.repeat(36)
  const stored = await passwords.hash(longest)

  expect(await passwords.matches(longest, stored)).toBe(true)
  expect(await passwords.matches(`${longest}x`, stored)).toBe(false)
  await expect(passwords.hash(`${longest}x`)).rejects.toThrow()
})

test('a NUL does not end a password early', async () => {
  const { passwords } = await setup()

  expect(await passwords.matches('correct horse\0battery', await passwords.hash('correct horse'))).toBe(false)
  await expect(passwords.hash('correct horse\0battery')).rejects.toThrow()
})

test('nothing matches an account without a password', async () => {
  const { passwords } = await setup()

  for (const stored of [null, '', '!', 'correct horse battery'])
    expect(await passwords.matches('correct horse battery', stored)).toBe(false)
})

test('a weaker hash is made anew from the password that was right', async () => {
  const { database, passwords } = await setup()
  const userId = await insertUser(database, { username: 'ada', password: PASSWORD })
  const user = { id: userId, password_hash: await hashOf(database, userId) }

  await passwords.upgrade(user, PASSWORD)

  const stored = await hashOf(database, userId)
  expect(stored).toMatch(/^\$2b\$05\$/)
  expect(await passwords.matches(PASSWORD, stored)).toBe(true)
  await passwords.upgrade({ ...user, password_hash: stored }, PASSWORD)
  expect(await hashOf(database, userId)).toBe(stored)
})

test('an upgrade never brings a password back that was changed meanwhile', async () => {
  const { database, passwords } = await setup()
  const userId = await insertUser(database, { username: 'ada', password: 'the old phrase' })
  const before = { id: userId, password_hash: await hashOf(database, userId) }
  await database
    .updateTable('users')
    .set({ password_hash: await hash('the new phrase', { cost: 4 }) })
    .execute()

  await passwords.upgrade(before, 'the old phrase')

  expect(await passwords.matches('the new phrase', await hashOf(database, userId))).toBe(true)
})

test('an upgrade that fails is no failure of the login', async () => {
  const { database, passwords } = await setup()
  const userId = await insertUser(database, { username: 'ada', password: PASSWORD })
  const stored = await hashOf(database, userId)
  await database.destroy()

  await passwords.upgrade({ id: userId, password_hash: stored }, PASSWORD)
})
