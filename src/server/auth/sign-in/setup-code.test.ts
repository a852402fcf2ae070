import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { SetupCode } from './setup-code.ts'

test('a code is made once, kept for its owner alone and found again after a restart', async () => {
  const folder = await temporaryFolder()

  const code = new SetupCode(folder, null).current()

  expect(code).toMatch(/^([2-9B-DF-HJKMNP-TV-XZ]{4}-){3}[2-9B-DF-HJKMNP-TV-XZ]{4}$/)
  expect(new SetupCode(folder, null).current()).toBe(code)
  expect((await readFile(join(folder, 'setup-code'), 'utf8')).trim()).toBe(code)
  expect(((await stat(join(folder, 'setup-code'))).mode & 0o777).toString(8)).toBe('600')
})

test('dashes, spaces and case make no difference; anything else does', async () => {
  const setupCode = new SetupCode(await temporaryFolder(), 'ABCD-EFGH-2345')

  expect(setupCode.matches('abcd efgh2345')).toBe(true)
  expect(setupCode.matches('ABCD-EFGH-2346')).toBe(false)
  expect(setupCode.matches('')).toBe(false)
})

test('the configured code goes before the stored one', async () => {
  const folder = await temporaryFolder()
  const stored = new SetupCode(folder, null).current()

  const setupCode = new SetupCode(folder, 'CONFIGURED-CODE')

  expect(setupCode.matches(stored)).toBe(false)
  expect(setupCode.matches('configured-code')).toBe(true)
})

test('it is gone once it was used', async () => {
  const folder = await temporaryFolder()
  const setupCode = new SetupCode(folder, null)
  const code = setupCode.current()

  setupCode.discard()
  setupCode.discard()

  expect(existsSync(join(folder, 'setup-code'))).toBe(false)
  expect(setupCode.matches(code)).toBe(false)
})
