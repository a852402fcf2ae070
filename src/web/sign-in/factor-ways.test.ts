import { expect, test } from 'vitest'
import type { FactorRequest } from '#protocol/factors'
import { ChallengeId } from '#protocol/ids'
import { completeCode, firstWay, isFresh, otherWays } from './factor-ways.ts'

const passkey = { challengeId: ChallengeId.parse('cha_01JD9Y3M3ZK8Q2V7T5W6X4R1AB'), options: {} }

test.for<[string, FactorRequest, ReturnType<typeof firstWay>, ReturnType<typeof firstWay>[]]>([
  ['all', { factors: ['totp', 'passkey', 'recovery-code'], passkey }, 'totp', ['passkey', 'recovery-code']],
  ['passkeys alone', { factors: ['passkey', 'recovery-code'], passkey }, 'passkey', ['recovery-code']],
  // No challenge: the passkeys belong to another address.
  ['passkeys of another address', { factors: ['passkey', 'recovery-code'] }, 'recovery-code', []],
  ['an app and passkeys of another address', { factors: ['totp', 'passkey', 'recovery-code'] }, 'totp', ['recovery-code']],
])('with %s it asks in a way that works here and offers the others', ([, request, way, others]) => {
  expect(firstWay(request)).toBe(way)
  if (way !== null) expect(otherWays(request, way)).toEqual(others)
})

test('with nothing that works here there is no way', () => {
  expect(firstWay({ factors: ['passkey'] })).toBeNull()
})

test('a code is complete with six digits, with spaces or without', () => {
  expect(completeCode('123 456')).toBe('123456')
  expect(completeCode('12345')).toBeNull()
  expect(completeCode('1234567')).toBeNull()
  expect(completeCode('abcd-efgh')).toBeNull()
})

test('a challenge is used up before the server forgets it', () => {
  expect(isFresh(0, 3 * 60_000)).toBe(true)
  expect(isFresh(0, 4 * 60_000 + 1)).toBe(false)
})
