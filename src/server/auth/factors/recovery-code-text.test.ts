import { expect, test } from 'vitest'
import { newRecoveryCode, recoveryCodeHash } from './recovery-code-text.ts'

test('a code is four groups of letters and digits that nobody confuses', () => {
  const codes = Array.from({ length: 200 }, newRecoveryCode)

  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/)
  expect(new Set(codes).size).toBe(200)
})

test('case, dashes, spaces and look-alikes do not matter, everything else does', () => {
  const hash = recoveryCodeHash('0a1b-c2d3-e4f5-g6h7')

  for (const same of ['0A1BC2D3E4F5G6H7', ' oalb c2d3 e4f5 g6h7 ', 'Oaib-c2d3-e4f5-g6h7']) expect(recoveryCodeHash(same)).toBe(hash)
  expect(recoveryCodeHash('0a1b-c2d3-e4f5-g6h8')).not.toBe(hash)
})
