import { afterEach, expect, test, vi } from 'vitest'
import { refreshBinding } from './refresh-binding.ts'

afterEach(() => vi.unstubAllGlobals())

function storageOf(entries: Map<string, string>, write: (key: string, value: string) => void = (key, value) => entries.set(key, value)) {
  vi.stubGlobal('localStorage', { getItem: (key: string) => entries.get(key) ?? null, setItem: write })
}

test('the half is made once, and again where it was removed or is none', () => {
  const entries = new Map<string, string>()
  storageOf(entries)

  const first = refreshBinding()
  expect(first).toMatch(/^[\w-]{43}$/)
  expect(refreshBinding()).toBe(first)

  entries.set('acu-refresh-binding', 'rubbish')
  const second = refreshBinding()
  expect(second).toMatch(/^[\w-]{43}$/)
  expect(second).not.toBe(first)
})

test('of two tabs that make one at the same moment both use the one that was written last', () => {
  const entries = new Map<string, string>()
  const other = 'A'.repeat(43)
  storageOf(entries, (key) => entries.set(key, other))

  expect(refreshBinding()).toBe(other)
})

test('where nothing can be stored there is none', () => {
  storageOf(new Map(), () => {
    throw new Error('full')
  })
  expect(refreshBinding()).toBeNull()

  vi.stubGlobal('localStorage', undefined)
  expect(refreshBinding()).toBeNull()
})
