import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { loadOrMakeKey } from './key-store.ts'

test('a key is made once and found again, for its owner alone', async () => {
  const folder = await temporaryFolder()

  const key = loadOrMakeKey(folder, 'jwt')

  expect(key).toHaveLength(32)
  expect(loadOrMakeKey(folder, 'jwt').equals(key)).toBe(true)
  expect(loadOrMakeKey(folder, 'database').equals(key)).toBe(false)
  expect(((await stat(join(folder, 'keys'))).mode & 0o777).toString(8)).toBe('700')
  expect(((await stat(join(folder, 'keys', 'jwt.key'))).mode & 0o777).toString(8)).toBe('600')
})

test('a key file that others could read is narrowed', async () => {
  const folder = await temporaryFolder()
  loadOrMakeKey(folder, 'jwt')
  await chmod(join(folder, 'keys', 'jwt.key'), 0o644)

  loadOrMakeKey(folder, 'jwt')

  expect(((await stat(join(folder, 'keys', 'jwt.key'))).mode & 0o777).toString(8)).toBe('600')
})

test('a damaged key is refused and left as it is', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'keys'))
  await writeFile(join(folder, 'keys', 'jwt.key'), 'short')

  expect(() => loadOrMakeKey(folder, 'jwt')).toThrow(/damaged.*backup/)
  expect(await readFile(join(folder, 'keys', 'jwt.key'), 'utf8')).toBe('short')
})
