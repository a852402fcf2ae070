import fc from 'fast-check'
import { expect, test } from 'vitest'
import { understandCommandLine } from './simple-commands.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 2000)
const word = fc.stringMatching(/^[a-z0-9_./@%+,:-]{1,8}$/)
const quoted = fc.oneof(
  fc.stringMatching(/^[a-z ;|&<>()]{0,8}$/).map((text) => `"${text}"`),
  fc.stringMatching(/^[a-z $`\\;|&*]{0,8}$/).map((text) => `'${text}'`),
)
const line = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z]{4,8}x$/), fc.array(fc.oneof(word, quoted), { maxLength: 4 })), { minLength: 1, maxLength: 4 })
  .chain((commands) =>
    fc
      .constantFrom(' && ', ' || ', ' | ', '; ', '\n')
      .map((separator) => commands.map(([program, words]) => [program, ...words].join(' ')).join(separator)),
  )
/** Each of these makes any line one that nobody can vouch for, wherever outside quotes it stands. */
const CONSTRUCTS = [
  '$(x)',
  '`x`',
  '$x',
  '${x}',
  '$((1))',
  "$'x'",
  '$"x"',
  ' > x',
  ' >> x',
  ' < x',
  ' << x',
  ' <<< x',
  ' <(x)',
  ' >(x)',
  ' & x',
  ' |& x',
  ' (x) ',
  ' {a,b} ',
  '*',
  '?',
  '[a]',
  ' ~',
  '\\',
  ' # x',
  ' !x',
  '\r',
  '\u2028',
  '\u200b',
  '\u202e',
  '\u0000',
  '\u00a0',
  '\u0430x',
  ' =x',
  '^',
  ' ;; ',
  ' || | ',
  "'",
  '"',
  '; eval x',
  '; cd x',
  '; A=b x',
  '; if x',
  '; . x',
  '; { x; }',
  '; x() { y; }',
  '; x=(y)',
  '; coproc x',
  '; [[ x ]]',
  ' >/dev/nullx ',
  ' >&x ',
]

test('any text is read without an error, and in time that grows no faster than the text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: fc.constantFrom(...Array.from('ab "\'\\$`;|&<>(){}[]*?~#!=^\n\r\t-./012%')) }),
      ),
      (text) => {
        expect(['simple', 'unknown']).toContain(understandCommandLine(text).kind)
      },
    ),
    { numRuns: RUNS },
  )
  for (const unit of ['a', ' ', "'a'", '"', 'a;', 'a|', 'a\n', '>/dev/null ', '2>&1 ', '\\', '(', '$(', '{', '<<a ', '\u{10ffff}'])
    expect(understandCommandLine(unit.repeat(1_000_000)).kind).toBe('unknown')
})

test('plain lines are understood', () => {
  fc.assert(
    fc.property(line, (text) => {
      expect(understandCommandLine(text)).toMatchObject({ kind: 'simple' })
    }),
    { numRuns: RUNS },
  )
})

test('one unknown construct anywhere outside quotes makes a line unknown', () => {
  const plain = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => `prog ${words.join(' ')} `)
  fc.assert(
    fc.property(plain, fc.constantFrom(...CONSTRUCTS), fc.nat(), (text, construct, place) => {
      const at = 4 + (place % (text.length - 3))
      expect(understandCommandLine(text.slice(0, at) + construct + text.slice(at))).toMatchObject({ kind: 'unknown' })
    }),
    { numRuns: RUNS },
  )
})
