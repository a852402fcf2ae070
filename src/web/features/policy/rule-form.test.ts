import { expect, test } from 'vitest'
import { RuleDraft } from '#protocol/policy'
import { ProjectId } from '#protocol/ids'
import { EMPTY_CALL, LAB_EXAMPLES, readCall, ruleOfCall } from './lab-call.ts'
import { EMPTY_RULE, faultOf, formOf, type RuleForm, ruleOf } from './rule-form.ts'

const NOW = new Date('2026-11-03T12:00:00.000Z')
const EMPTY = formOf(EMPTY_RULE)

function fault(part: Partial<RuleForm>) {
  const form = { ...EMPTY, ...part }
  return faultOf(form, ruleOf(form, EMPTY_RULE, NOW), NOW)
}

test('a rule goes through its form and comes out as it was', () => {
  const rule = RuleDraft.parse({
    id: 'a',
    decision: 'ask',
    scope: { kind: 'project', projectId: 'shop' },
    match: { tools: ['Edit', 'Write'], command: 'git *', paths: ['a b/**', 'c'], domains: ['x.org'], provider: 'claude', modes: ['plan'] },
    reason: 'Why',
    expiresAt: '2026-12-03T12:00:00.000Z',
  })
  expect(ruleOf(formOf(rule), rule, NOW)).toEqual(rule)
})

test('an exact call stays with its rule', () => {
  const rule = RuleDraft.parse({ ...EMPTY_RULE, match: { exact: { callHash: 'ab'.repeat(32), files: [] } } })
  expect(ruleOf({ ...formOf(rule), reason: 'Other' }, rule, NOW).match).toEqual(rule.match)
})

test('spaces, empty lines and repetitions are no conditions', () => {
  const form = { ...EMPTY, command: '  git   log  * ', tools: 'Edit,, Edit , Write', paths: '\n src/** \n\n' }
  expect(ruleOf(form, EMPTY_RULE, NOW).match).toEqual({ command: 'git log *', tools: ['Edit', 'Write'], paths: ['src/**'] })
})

test('a lifetime is counted from now', () => {
  expect(ruleOf({ ...EMPTY, expiry: 'day' }, EMPTY_RULE, NOW).expiresAt).toBe('2026-11-04T12:00:00.000Z')
})

test.each<[Partial<RuleForm>, string | null]>([
  [{}, 'noCondition'],
  [{ modes: ['plan'] }, 'noCondition'],
  [{ command: 'git log *' }, null],
  [{ command: 'git ** log' }, 'stars'],
  [{ tools: '*' }, 'everything'],
  [{ tools: '*', decision: 'deny' }, null],
  [{ tools: '*', paths: 'src/**' }, null],
  [{ command: 'ls', scope: null, scopeKind: 'user' }, 'noPerson'],
  [{ paths: Array.from({ length: 51 }, (_, index) => `p${index}`).join('\n') }, 'tooLong'],
])('%j: %s', (part, expected) => {
  expect(fault(part)).toBe(expected)
})

test('a rule whose end has passed cannot be kept', () => {
  const old = RuleDraft.parse({ ...EMPTY_RULE, match: { command: 'ls' }, expiresAt: '2026-11-03T11:00:00.000Z' })
  expect(faultOf(formOf(old), ruleOf(formOf(old), old, NOW), NOW)).toBe('expired')
})

const PLACE = { projectId: ProjectId.parse('shop'), provider: null, mode: 'default' as const }

test('every example of the lab can be sent', () => {
  for (const { call } of LAB_EXAMPLES) expect(readCall({ ...EMPTY_CALL, ...call }, PLACE).fault).toBeNull()
})

test('a call that cannot be sent is told why', () => {
  expect(readCall(EMPTY_CALL, PLACE).fault).toBe('Type a command.')
  expect(readCall({ ...EMPTY_CALL, kind: 'tool', tool: ' ' }, PLACE).fault).toBe('Name the tool.')
  expect(readCall({ ...EMPTY_CALL, kind: 'tool', input: '[]' }, PLACE).fault).toBe('The input is no JSON object.')
})

test('the rule that is made from a call names just that call, in its project', () => {
  const { test: read } = readCall({ ...EMPTY_CALL, kind: 'tool', tool: 'Read', input: '{"file_path":".env"}' }, PLACE)
  if (read === null) throw new Error('The call can be sent.')
  expect(ruleOfCall(read, 'allow')).toMatchObject({
    decision: 'ask',
    scope: { kind: 'project', projectId: 'shop' },
    match: { tools: ['Read'], paths: ['.env'] },
  })
})
