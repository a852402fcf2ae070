import { expect, test } from 'vitest'
import { findHiddenCharacters, findLookAlikes, hasHiddenCharacter } from './hidden-characters.ts'

test.for([
  ['\u202e', 'bidirectional override'],
  ['\u2066', 'bidirectional isolate'],
  ['\u200f', 'direction mark'],
  ['\u061c', 'direction mark'],
  ['\u200b', 'zero-width space'],
  ['\u200d', 'zero-width joiner'],
  ['\u2060', 'invisible character'],
  ['\ufeff', 'byte order mark'],
  ['\u{e0041}', 'tag character'],
  ['\u{e0100}', 'variation selector'],
  ['\ufe0f', 'variation selector'],
  ['\u00ad', 'soft hyphen'],
  ['\u034f', 'invisible character'],
  ['\u3164', 'blank filler'],
  ['\u2800', 'blank filler'],
  ['\u001b', 'escape'],
  ['\r', 'carriage return'],
  ['\b', 'backspace'],
  ['\u0000', 'NUL'],
  ['\u0007', 'control character'],
  ['\u0085', 'line separator'],
  ['\u2028', 'line separator'],
  ['\u2029', 'line separator'],
  ['\u00a0', 'unusual blank'],
  ['\u3000', 'unusual blank'],
  ['\u2003', 'unusual blank'],
  ['\ue000', 'private character'],
  ['\ud800', 'half of a surrogate pair'],
  ['\u0378', 'unassigned character'],
] as const)('%j is hidden and called "%s"', ([character, name]) => {
  const text = `git ${character}status`

  expect(hasHiddenCharacter(text)).toBe(true)
  expect(findHiddenCharacters(text)).toEqual({
    count: 1,
    found: [{ at: 4, length: character.length, codePoint: character.codePointAt(0), name }],
  })
})

test.for([
  'git status\n\tls',
  'Grüße, naïve façade',
  'привет мир',
  '日本語のファイル カタカナ',
  'مرحبا',
  '😀 ok',
  'e\u0301',
  'μ Ω 10² ½ №5',
])('%s is ordinary', (text) => {
  expect(hasHiddenCharacter(text)).toBe(false)
  expect(findLookAlikes(text).count).toBe(0)
})

test.for([
  ['g\u0456t status', 0, 3, 'mixes Latin and Cyrillic letters'],
  ['cat p\u0430ypal.com', 4, 6, 'mixes Latin and Cyrillic letters'],
  ['echo \u03bfk', 5, 2, 'mixes Latin and Greek letters'],
  ['ls \uff1b rm', 3, 1, 'looks like ";"'],
  ['ls\u037e rm', 2, 1, 'looks like ";"'],
  ['\u{1d5c0}', 0, 2, 'looks like "g"'],
] as const)('%j holds look-alikes', ([text, at, length, name]) => {
  expect(findLookAlikes(text).found).toEqual([{ at, length, codePoint: text.codePointAt(at), name }])
})

test('all are counted, and the first 200 listed', () => {
  const hidden = findHiddenCharacters('\u200b'.repeat(5000))

  expect(hidden.count).toBe(5000)
  expect(hidden.found).toHaveLength(200)
  expect(findLookAlikes('\uff1b'.repeat(5000))).toMatchObject({ count: 5000, found: { length: 200 } })
})
