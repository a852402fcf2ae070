import { existsSync } from 'node:fs'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { DataFolderInUseError, ensurePrivateDirectory, ensurePrivateFile, lockDataFolder } from './data-folder.ts'

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('folders are made for their owner alone and narrowed where they were wider', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'wide'))
  await chmod(join(folder, 'wide'), 0o755)

  ensurePrivateDirectory(join(folder, 'wide'))
  ensurePrivateDirectory(join(folder, 'new', 'deep'))

  expect(await modeOf(join(folder, 'wide'))).toBe('700')
  expect(await modeOf(join(folder, 'new', 'deep'))).toBe('700')
})

test('a file is narrowed, a missing one is left missing', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), '', { mode: 0o644 })

  ensurePrivateFile(join(folder, 'file'))
  ensurePrivateFile(join(folder, 'missing'))

  expect(await modeOf(join(folder, 'file'))).toBe('600')
  expect(existsSync(join(folder, 'missing'))).toBe(false)
})

test('a second claim on the folder is refused and told who holds it', async () => {
  const folder = await temporaryFolder()
  const lock = lockDataFolder(folder)

  expect(() => lockDataFolder(folder)).toThrow(/process \d+, still starting/)
  lock.announce('http://127.0.0.1:3001')
  expect(() => lockDataFolder(folder)).toThrow(DataFolderInUseError)
  expect(() => lockDataFolder(folder)).toThrow(new RegExp(`process ${String(process.pid)}, http://127.0.0.1:3001`))
  lock.release()
})

test('a released folder can be claimed again', async () => {
  const folder = await temporaryFolder()
  lockDataFolder(folder).release()

  const lock = lockDataFolder(folder)

  expect(await modeOf(join(folder, 'server.lock'))).toBe('600')
  expect(await modeOf(join(folder, 'server.json'))).toBe('600')
  lock.release()
})

test('a holder that cannot be read does not hide that there is one', async () => {
  const folder = await temporaryFolder()
  const lock = lockDataFolder(folder)
  await writeFile(join(folder, 'server.json'), '{"half')

  expect(() => lockDataFolder(folder)).toThrow(/in use by another AI Code UI server\. Stop/)
  lock.release()
})
