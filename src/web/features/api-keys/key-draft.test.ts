import { expect, test } from 'vitest'
import { EMPTY_DRAFT, requestOf } from './key-draft.ts'

const now = new Date('2026-11-01T12:00:00.000Z')

test('a key expires after 90 days and reads, unless told otherwise', () => {
  expect(requestOf({ ...EMPTY_DRAFT, name: ' ci ' }, now)).toEqual({ name: 'ci', scopes: ['read'], expiresAt: '2027-01-30T12:00:00.000Z' })
  expect(requestOf({ name: 'ci', scopes: ['chat', 'read'], expiry: 'never' }, now)).toEqual({
    name: 'ci',
    scopes: ['read', 'chat'],
    expiresAt: null,
  })
})

test('nothing is sent without a name or with nothing that it may do', () => {
  expect(requestOf({ ...EMPTY_DRAFT, name: '  ' }, now)).toBeNull()
  expect(requestOf({ ...EMPTY_DRAFT, name: 'ci', scopes: [] }, now)).toBeNull()
})
