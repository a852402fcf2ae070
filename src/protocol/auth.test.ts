import { expect, test } from 'vitest'
import { Username } from './auth.ts'

test.for(['ada', 'Ada.Lovelace', 'björn', '李', 'Алёна', 'Ελένη', '李Lee', 'a', 'systems', 'x'.repeat(64)])('%s may be a name', (name) => {
  expect(Username.safeParse(name).success).toBe(true)
})

test.for([
  '',
  '.ada',
  'a b',
  'a:b',
  'x'.repeat(65),
  'a\u202eb',
  'system',
  'SYSTEM',
  'ｓystem',
  'unknown',
  'claude',
  '\ufdfa',
  '\u0430da',
  'ad\u03b1',
  'b\u13a2',
])('%j may not', (name) => {
  expect(Username.safeParse(name).success).toBe(false)
})
