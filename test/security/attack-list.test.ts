import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ATTACKS } from './all-attacks.ts'
import { COVERED, NOT_YET } from './attack-list.ts'

const ROOT = dirname(dirname(import.meta.dirname))

/** The ids of an entry such as `GIT-001-030`. */
function idsIn(entry: string): string[] {
  const [area = '', first = '', last = first] = entry.split('-')
  const count = Number(last) - Number(first) + 1
  return Array.from({ length: count }, (_, index) => `${area}-${String(Number(first) + index).padStart(3, '0')}`)
}

test('each attack stands in one of the lists, once', () => {
  const ids = [...ATTACKS.map(({ id }) => id), ...Object.keys(COVERED), ...NOT_YET.flatMap(({ ids }) => idsIn(ids))]
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  expect(ids.filter((id) => !/^[A-Z]+-\d{3}$/.test(id))).toEqual([])
})

test.for(Object.entries(COVERED))('%s is covered by a test that exists', async ([, [file, name]]) => {
  expect(await readFile(join(ROOT, file), 'utf8')).toContain(name)
})
