import { chmod, chown, lchown, mkdir, symlink, writeFile } from 'node:fs/promises'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { checkDataFolder, DataFolderUnsafeError, secureDataFolder } from './data-folder-check.ts'

const isRoot = process.getuid?.() === 0

async function setup() {
  const directory = join(await temporaryFolder(), 'data')
  await mkdir(join(directory, 'keys'), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'keys', 'database.key'), 'x', { mode: 0o600 })
  await writeFile(join(directory, 'ai-code-ui.db-wal'), 'x', { mode: 0o600 })
  return directory
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('a folder that is private through and through has nothing to tell', async () => {
  expect(checkDataFolder(await setup(), { repair: true })).toEqual([])
})

test('what others could read is told, and narrowed where that is asked for', async () => {
  const directory = await setup()
  const wide = [directory, join(directory, 'keys'), join(directory, 'keys', 'database.key'), join(directory, 'ai-code-ui.db-wal')]
  for (const path of wide) await chmod(path, 0o755)

  const seen = checkDataFolder(directory, { repair: false })
  expect(seen.map(({ path }) => path).sort()).toEqual([...wide].sort())
  expect(seen.every(({ kind, result }) => kind === 'mode' && result === 'warn')).toBe(true)
  expect(wide.map(modeOf)).toEqual(['755', '755', '755', '755'])

  expect(secureDataFolder(directory).map(({ result }) => result)).toEqual(['repaired', 'repaired', 'repaired', 'repaired'])
  expect(wide.map(modeOf)).toEqual(['700', '700', '600', '600'])
  expect(checkDataFolder(directory, { repair: true })).toEqual([])
})

test('a link is told and neither followed nor changed', async () => {
  const directory = await setup()
  const target = join(await temporaryFolder(), 'elsewhere')
  await writeFile(target, 'x', { mode: 0o644 })
  await symlink(target, join(directory, 'config.json'))

  expect(checkDataFolder(directory, { repair: true })).toEqual([
    expect.objectContaining({ kind: 'link', path: join(directory, 'config.json'), result: 'warn' }),
  ])
  expect(modeOf(target)).toBe('644')
})

test.runIf(isRoot)('a link that somebody else left there is refused', async () => {
  const directory = await setup()
  await symlink('/etc/passwd', join(directory, 'config.json'))
  await lchown(join(directory, 'config.json'), 12_345, 12_345)

  expect(() => secureDataFolder(directory)).toThrow(DataFolderUnsafeError)
  expect(() => secureDataFolder(directory)).toThrow(/config\.json is a link that belongs to user 12345/)
})

test('a folder above that others may change is told, and one where they cannot touch each other’s files is not', async () => {
  const directory = await setup()
  const above = join(directory, '..')
  await chmod(above, 0o777)
  expect(checkDataFolder(directory, { repair: true })).toEqual([expect.objectContaining({ kind: 'above', result: 'warn' })])

  await chmod(above, 0o1777)
  expect(checkDataFolder(directory, { repair: true })).toEqual([])
})

test.runIf(isRoot)('what belongs to another user is told to root, who may work on it all the same', async () => {
  const directory = await setup()
  await chown(directory, 12_345, 12_345)

  expect(secureDataFolder(directory)).toEqual([expect.objectContaining({ kind: 'owner', path: directory, result: 'warn' })])
})

test.runIf(isRoot)('what belongs to another user is refused to everybody else, with what to do', async () => {
  const directory = await setup()
  await chown(directory, 12_345, 12_345)

  expect(() => secureDataFolder(directory, 54_321)).toThrow(/belongs to user 12345, and this runs as user 54321.*chown -R 54321/)
})

test.runIf(isRoot)('what root left there is told to the user whose folder it is, and keeps nobody from starting', async () => {
  const directory = await setup()
  const owner = 54_321
  await mkdir(join(directory, 'lost+found'), { mode: 0o700 })
  for (const name of ['', 'keys', 'keys/database.key']) await chown(join(directory, name), owner, owner)

  const findings = secureDataFolder(directory, owner)

  expect(findings).toEqual([expect.objectContaining({ kind: 'owner', path: join(directory, 'ai-code-ui.db-wal'), result: 'warn' })])
})
