import { expect, test } from 'vitest'
import { Policy } from '#protocol/policy'
import { draftOf, withoutRule, withRule } from './policy-draft.ts'
import { namesOf } from './policy-names.ts'
import { groupsOf, narrowed, reachOf, shownRules } from './rule-list.ts'

const NAMES = namesOf({ people: [], projects: [], providers: [] })

function policyOf(rules: { id: string; decision: string; command: string; scope?: object }[]) {
  return Policy.parse({
    version: 1,
    preset: 'careful',
    presets: ['careful'],
    rules: rules.map(({ id, decision, command, scope = { kind: 'global' } }) => ({
      id,
      decision,
      scope,
      match: { command },
      reason: '',
      expiresAt: null,
      author: 'ada',
      createdAt: '2026-11-23T10:00:00.000Z',
    })),
  })
}

const POLICY = policyOf([
  { id: 'rul_1', decision: 'allow', command: 'git log **' },
  { id: 'rul_2', decision: 'deny', command: 'curl **' },
  { id: 'rul_3', decision: 'ask', command: 'git push **', scope: { kind: 'project', projectId: 'prj_1' } },
  { id: 'rul_4', decision: 'allow', command: 'git diff **' },
])

test('rules stand in the order in which they win, new ones first, and stay at their place while they are changed or deleted', () => {
  const draft = draftOf(POLICY)
  const [log] = POLICY.rules
  if (log === undefined) throw new Error('The first rule is missing.')
  const changed = withoutRule(withRule(withRule(draft, { ...log, id: undefined }), { ...log, decision: 'deny' }, 'rul_1'), 'rul_2')
  expect(shownRules(draft).map(({ key }) => key)).toEqual(['rul_2', 'rul_3', 'rul_4', 'rul_1'])
  expect(shownRules(changed).map(({ key, state }) => [key, state])).toEqual([
    ['new 1', 'added'],
    ['rul_2', 'removed'],
    ['rul_3', null],
    ['rul_4', null],
    ['rul_1', 'changed'],
  ])
})

test('a search narrows by words and by decision', () => {
  const all = shownRules(draftOf(POLICY))
  const keys = (words: string, decision: '' | 'allow') => narrowed(all, { words, decision }, NAMES).map(({ key }) => key)
  expect(keys('git', '')).toEqual(['rul_3', 'rul_4', 'rul_1'])
  expect(keys('git', 'allow')).toEqual(['rul_4', 'rul_1'])
})

test('no more rows are shown than asked for, and one that is looked for can be reached', () => {
  const all = shownRules(draftOf(POLICY))
  const shown = (limit: number) => groupsOf(all, limit).map(({ kind, rules, count }) => [kind, rules.map(({ key }) => key), count])
  expect(shown(2)).toEqual([['global', ['rul_2', 'rul_4'], 3]])
  expect(reachOf(all, 'rul_3')).toBe(4)
  expect(shown(reachOf(all, 'rul_3'))).toEqual([
    ['global', ['rul_2', 'rul_4', 'rul_1'], 3],
    ['project', ['rul_3'], 1],
  ])
  expect(reachOf(all, 'rul_9')).toBe(0)
})
