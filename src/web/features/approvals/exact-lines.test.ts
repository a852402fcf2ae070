import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandParts } from './command-parts.ts'
import { type ExactLine, exactText, isFolded } from './exact-lines.ts'
import { countMarks, marksOf } from './hidden-marks.ts'

const opened = { isCommand: true, isOpen: true }
const textOf = (lines: readonly ExactLine[]) => lines.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n')
const labelsOf = (text: string) => marksOf(text).map(({ label }) => label)

test('every character of any text is shown once and in its place', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[ab\n\t '"$`(){}|&;<>#\\=-]*$/), fc.string({ maxLength: 500 }))
  fc.assert(
    fc.property(text, (written) => {
      expect(textOf(exactText(written, opened).lines)).toBe(written)
      expect(
        commandParts(written)
          .map(({ start, end }) => written.slice(start, end))
          .join(''),
      ).toBe(written)
    }),
  )
})

test('the parts of a command are told apart', () => {
  const command = 'LANG=C git commit -m "as $NAME" 2>&1 && sort <in | tee $(date) # end'
  const parts = commandParts(command).flatMap(({ start, end, part }) => (part === null ? [] : [[command.slice(start, end), part]]))
  expect(parts).toEqual([
    ['LANG=C', 'variable'],
    ['git', 'program'],
    ['-m', 'option'],
    ['"as ', 'string'],
    ['$NAME', 'variable'],
    ['"', 'string'],
    ['2>&1', 'redirection'],
    ['&&', 'operator'],
    ['sort', 'program'],
    ['<', 'redirection'],
    ['in', 'redirection'],
    ['|', 'operator'],
    ['tee', 'program'],
    ['$(', 'operator'],
    ['date', 'program'],
    [')', 'operator'],
    ['# end', 'comment'],
  ])
})

test.each([
  ['a bidirectional override', 'ls \u202e#', ['U+202E']],
  ['a colour of a terminal', 'echo \u001b[8m', ['U+001B']],
  ['a hidden line break', 'ls\r\nrm', ['U+000D']],
  ['a zero-width space', 'g\u200bit', ['U+200B']],
  ['a letter of another alphabet', 'g\u0456t push', ['U+0456']],
  ['many blanks', `ls${' '.repeat(3000)}; rm x`, ['3,000 blanks']],
  ['an emoji with a joint', 'echo \u{1f469}\u200d\u{1f4bb} \u2764\ufe0f', []],
  ['an indentation', `if x; then\n${' '.repeat(20)}ls\nfi`, []],
])('%s is marked where it is one', (_, text, labels) => {
  expect(labelsOf(text)).toEqual(labels)
})

test('more hidden characters than a search lists are all marked and counted', () => {
  const marks = marksOf(`${'\u200b'.repeat(1000)}\u{1f600}`)
  expect(marks).toHaveLength(1000)
  expect(countMarks(marks)).toEqual([{ label: 'U+200B', name: 'zero-width space', count: 1000 }])
})

test('a long text is folded in the middle, says how much is hidden, and keeps its line numbers', () => {
  const text = Array.from({ length: 500 }, (_, index) => `line ${index + 1}`).join('\n')
  const folded = exactText(text, { isCommand: false, isOpen: false })
  expect(isFolded(text)).toBe(true)
  expect(folded.tail.at(-1)).toMatchObject({ number: 500, pieces: [{ text: 'line 500' }] })
  const shown = textOf(folded.lines).length + textOf(folded.tail).length
  expect(shown + (folded.hidden?.characters ?? 0)).toBe(text.length)
  expect(exactText(text, opened).hidden).toBeNull()
})

test('what a fold hides is counted among what is not what it seems', () => {
  const text = `${'a'.repeat(10_000)}\u202e${'a'.repeat(10_000)}`
  expect(exactText(text, { isCommand: true, isOpen: false }).marks).toHaveLength(1)
})
