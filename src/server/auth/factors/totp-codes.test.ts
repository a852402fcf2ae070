import { expect, test } from 'vitest'
import { newTotpSecret, stepOfTotpCode, totpUri } from './totp-codes.ts'

/** "12345678901234567890" of RFC 6238, appendix B, in base 32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('at %i seconds the code is the last six digits of the one in RFC 6238', async (seconds, code) => {
  expect(await stepOfTotpCode(SECRET, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30))
})

test('a code is taken one step before and after its own, and no further', async () => {
  const step = 41152263
  const at = (offset: number) => stepOfTotpCode(SECRET, '005924', new Date((step + offset) * 30_000))

  expect(await Promise.all([at(-2), at(-1), at(0), at(1), at(2)])).toEqual([null, step, step, step, null])
  const lastMoment = new Date((step + 2) * 30_000 - 1)
  expect(await stepOfTotpCode(SECRET, '005924', lastMoment)).toBe(step)
})

test('a secret is 160 bits, differs each time, and is named in its address', async () => {
  const [one, other] = [await newTotpSecret(), await newTotpSecret()]

  expect(one).toMatch(/^[A-Z2-7]{32}$/)
  expect(one).not.toBe(other)
  const uri = new URL(await totpUri(one, 'ada@code.example.org'))
  expect(uri.protocol).toBe('otpauth:')
  expect(decodeURIComponent(uri.pathname)).toBe('/AI Code UI:ada@code.example.org')
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret: one, issuer: 'AI Code UI' })
})
