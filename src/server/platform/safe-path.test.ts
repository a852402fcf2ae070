import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { isWithin, resolveThroughLinks } from './safe-path.ts'

test('a path is inside by whole segments alone', () => {
  expect(isWithin('/a/b', '/a/b')).toBe(true)
  expect(isWithin('/a/b', '/a/b/c')).toBe(true)
  expect(isWithin('/', '/anything')).toBe(true)
  expect(isWithin('/a/b', '/a/bc')).toBe(false)
  expect(isWithin('/a/b', '/a')).toBe(false)
})

test('whatever is appended to a folder is inside it, and nothing beside it is', () => {
  const name = fc.stringMatching(/^[a-z.]{1,8}$/)
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), name, (segments, other) => {
      const root = `/${segments.join('/')}`
      expect(isWithin(root, `${root}/${other}`)).toBe(true)
      expect(isWithin(root, `${root}${other}`)).toBe(false)
      expect(isWithin(`${root}/${other}`, root)).toBe(false)
    }),
  )
})

test('what does not exist yet is resolved through the links above it', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'real'))
  await symlink(join(folder, 'real'), join(folder, 'link'))

  expect(await resolveThroughLinks(join(folder, 'link', 'new', 'file.txt'))).toBe(join(folder, 'real', 'new', 'file.txt'))
})

test('a link out of a folder is followed to where it leads', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'project'))
  await writeFile(join(folder, 'secret'), '')
  await symlink(join(folder, 'secret'), join(folder, 'project', 'harmless.txt'))

  const real = await resolveThroughLinks(join(folder, 'project', 'harmless.txt'))

  expect(isWithin(join(folder, 'project'), real)).toBe(false)
})

test('a link to something that does not exist is followed all the same', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'project'))
  await symlink(join(folder, 'later'), join(folder, 'project', 'dangling'))

  const real = await resolveThroughLinks(join(folder, 'project', 'dangling'))

  expect(isWithin(join(folder, 'project'), real)).toBe(false)
})

test('`..` behind a link leaves the folder that the link leads to', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'project'))
  await mkdir(join(folder, 'elsewhere', 'deep'), { recursive: true })
  await symlink(join('..', 'elsewhere', 'deep'), join(folder, 'project', 'link'))

  expect(await resolveThroughLinks(`${folder}/project/link/../file`)).toBe(join(folder, 'elsewhere', 'file'))
})

test('a loop of links, a relative path and a NUL are refused', async () => {
  const folder = await temporaryFolder()
  await symlink(join(folder, 'b'), join(folder, 'a'))
  await symlink(join(folder, 'a'), join(folder, 'b'))

  await expect(resolveThroughLinks(join(folder, 'a', 'x'))).rejects.toThrow('ELOOP')
  await expect(resolveThroughLinks('x')).rejects.toThrow(TypeError)
  await expect(resolveThroughLinks('/x\0y')).rejects.toThrow(TypeError)
})
