import { expect, test } from 'vitest'
import { RenamePasskey } from './factors.ts'

test.for(['Blue key', 'Clé de Zoë', '指紋', 'x'.repeat(60)])('a passkey may be called %s', (name) => {
  expect(RenamePasskey.safeParse({ name }).success).toBe(true)
})

test.for(['', '  ', 'x'.repeat(61), 'a\u202eb', 'a\nb', 'a\u200bb', 'a\0b'])('but not %j', (name) => {
  expect(RenamePasskey.safeParse({ name }).success).toBe(false)
})
