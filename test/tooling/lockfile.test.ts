import { expect, test } from 'vitest'
import { findLockfileMistakes } from '../../scripts/check-lockfile.ts'

test('a package for another platform that the lockfile lacks is named', () => {
  const packages = {
    'node_modules/tool': { optionalDependencies: { 'tool-here': '1.0.0', 'tool-there': '1.0.0' } },
    'node_modules/tool-here': {},
  }

  expect(findLockfileMistakes(packages)).toEqual([expect.stringContaining('tool-there')])
})

test('a package nested in its parent, or in a folder above, is found', () => {
  const packages = {
    'node_modules/a': {},
    'node_modules/a/node_modules/b': { optionalDependencies: { near: '1.0.0', far: '1.0.0' } },
    'node_modules/a/node_modules/near': {},
    'node_modules/far': {},
  }

  expect(findLockfileMistakes(packages)).toEqual([])
})

test('a host in the lockfile is a mistake', () => {
  expect(findLockfileMistakes({ 'node_modules/a': { resolved: 'https://registry.example/a.tgz' } })).toHaveLength(1)
})
