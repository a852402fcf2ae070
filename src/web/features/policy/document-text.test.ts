import { expect, test } from 'vitest'
import { Policy } from '#protocol/policy'
import { readDocument, textOf } from './document-text.ts'
import { linesOf } from './json-lines.ts'
import { draftOf } from './policy-draft.ts'

const POLICY = Policy.parse({
  version: 4,
  preset: 'careful',
  presets: ['read-only', 'careful'],
  rules: [
    {
      id: 'a',
      decision: 'allow',
      scope: { kind: 'global' },
      match: { command: 'echo "{}, [" *' },
      reason: 'A \\ and a "quote"',
      expiresAt: null,
      author: 'ada',
      createdAt: '2026-11-03T12:00:00.000Z',
    },
  ],
})
const TEXT = textOf(draftOf(POLICY))

test('the text of a draft reads back as the same document', () => {
  const { document, faults } = readDocument(TEXT, POLICY)
  expect(faults).toEqual([])
  expect(document).toMatchObject({ version: 4, preset: 'careful', rules: POLICY.rules })
})

test('every part of a document has its line, whatever its strings hold', () => {
  const lines = linesOf(TEXT).lines
  const lineWith = (part: string) => TEXT.split('\n').findIndex((line) => line.includes(part)) + 1
  expect(lines.get('version')).toBe(2)
  expect(lines.get('rules.0.match.command')).toBe(lineWith('"command"'))
  expect(lines.get('rules.0.reason')).toBe(lineWith('"reason"'))
  expect(lines.get('rules.0.createdAt')).toBe(lineWith('"createdAt"'))
})

test('a list keeps count over nested values', () => {
  const { lines, mistake } = linesOf('[\n1,\n{"a":[true,\n{}],"b":2},\n[],\n"x"]')
  expect(mistake).toBeNull()
  expect(Object.fromEntries(lines)).toEqual({
    '': 1,
    '0': 2,
    '1': 3,
    '1.a': 3,
    '1.a.0': 3,
    '1.a.1': 4,
    '1.b': 4,
    '2': 5,
    '3': 6,
  })
})

test.each([
  ['{\n  "version": 4,\n  "preset": careful\n}', 3],
  ['{\n  "version": 4\n  "preset": "careful"\n}', 3],
  ['{\n  "rules": [\n    1,\n  ]\n}', 4],
  ['{\n  "reason": "no end\n}', 2],
  ['{\n  "version": 4\n', 2],
  ['{}\n}', 2],
  ['', 1],
  ['['.repeat(5000), 1],
])('what is no JSON is told with its line: %j', (text, line) => {
  expect(readDocument(text, POLICY).document).toBeNull()
  expect(readDocument(text, POLICY).faults).toEqual([{ line, message: expect.stringContaining('This is not JSON') }])
})

test.each([
  ['"decision": "allow"', '"decision": "permit"', 'Rule 1, decision'],
  ['"kind": "global"', '"kind": "galaxy"', 'Rule 1, scope.kind'],
  ['"command": "echo', '"comand": "echo', 'Rule 1, match'],
  ['"preset": "careful"', '"preset": "bold"', 'preset'],
])('%s written as %s is a fault at its line', (good, bad, place) => {
  const text = TEXT.replace(good, bad)
  const { faults } = readDocument(text, POLICY)
  expect(faults[0]?.message).toContain(place)
  const key = place.split(/, |\./).at(-1)
  expect(text.split('\n')[(faults[0]?.line ?? 0) - 1]).toContain(`"${key}"`)
})

test('an id that comes twice or that no rule has is a fault', () => {
  const [rule] = POLICY.rules
  const twice = JSON.stringify({ version: 4, preset: 'careful', rules: [rule, rule, { ...rule, id: 'z' }] }, null, 1)
  expect(readDocument(twice, POLICY).faults.map(({ message }) => message)).toEqual([
    expect.stringContaining('Rule 2, id: has the same id'),
    expect.stringContaining('Rule 3, id: has an id that no rule here has'),
  ])
})
