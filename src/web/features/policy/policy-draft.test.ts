import { expect, test } from 'vitest'
import { Policy, RuleDraft } from '#protocol/policy'
import { countChanges } from './policy-changes.ts'
import { changesOf, documentOf, draftOf, overlaps, reapply, withDocument, withoutRule, withRule, withSaved } from './policy-draft.ts'

const CREATED = '2026-11-03T12:00:00.000Z'

function saved(id: string, command: string, rest: object = {}) {
  return {
    id,
    decision: 'allow',
    scope: { kind: 'global' },
    match: { command },
    reason: '',
    expiresAt: null,
    author: 'ada',
    createdAt: CREATED,
    ...rest,
  }
}

function policy(version: number, rules: object[], preset = 'careful') {
  return Policy.parse({ version, preset, rules, presets: ['read-only', 'careful'] })
}

const BASE = policy(4, [saved('a', 'git log *'), saved('b', 'npm test')])
const NEW_RULE = RuleDraft.parse({ decision: 'deny', scope: { kind: 'global' }, match: { command: 'rm **' } })

test('a draft that is as it was read changes nothing, in whatever order its fields are', () => {
  const draft = draftOf(BASE)
  expect(countChanges(changesOf(draft))).toBe(0)
  const [first] = BASE.rules
  const turned = RuleDraft.parse({ match: first?.match, scope: first?.scope, decision: 'allow', id: 'a' })
  expect(countChanges(changesOf(withRule(draft, turned, 'a')))).toBe(0)
})

test('added, changed and deleted rules and the preset are told apart', () => {
  let draft = withRule(draftOf(BASE), NEW_RULE)
  draft = withRule(draft, RuleDraft.parse(saved('a', 'git log **', { reason: 'All logs' })), 'a')
  draft = { ...withoutRule(draft, 'b'), preset: 'read-only' }
  const { preset, rules } = changesOf(draft)
  expect(preset).toEqual({ before: 'careful', after: 'read-only' })
  expect(rules.map(({ kind }) => kind)).toEqual(['changed', 'added', 'removed'])
  expect(rules[0]).toMatchObject({ fields: ['match', 'reason'] })
})

test('undo brings back what is saved, changed or deleted', () => {
  const [, second] = BASE.rules
  if (second === undefined) throw new Error('The policy has two rules.')
  const changed = withRule(draftOf(BASE), { ...second, reason: 'Other' }, 'b')
  expect(countChanges(changesOf(withSaved(changed, second)))).toBe(0)
  expect(countChanges(changesOf(withSaved(withoutRule(changed, 'b'), second)))).toBe(0)
})

test('what is sent names the version, and nothing that only the server sets', () => {
  const document = documentOf(withRule(draftOf(BASE), NEW_RULE))
  expect(document.version).toBe(4)
  expect(document.rules).toHaveLength(3)
  expect(document.rules[0]).toEqual({
    id: 'a',
    decision: 'allow',
    scope: { kind: 'global' },
    match: { command: 'git log *' },
    reason: '',
    expiresAt: null,
  })
  expect(document.rules[2]).not.toHaveProperty('id')
})

test('changes are put on top of a newer policy, and keep what others did', () => {
  const draft = withoutRule(withRule(draftOf(BASE), NEW_RULE), 'b')
  const latest = policy(5, [saved('a', 'git log **'), saved('b', 'npm test'), saved('c', 'ls *')], 'read-only')
  const next = reapply(draft, latest)
  expect(next.base.version).toBe(5)
  expect(next.preset).toBe('read-only')
  expect(next.rules.map(({ rule }) => rule.match.command)).toEqual(['git log **', 'ls *', 'rm **'])
  expect(overlaps(draft, latest)).toBe(false)
})

test('a changed rule that others deleted is added anew, and said to overlap', () => {
  const draft = withRule(draftOf(BASE), RuleDraft.parse(saved('a', 'git log **')), 'a')
  const latest = policy(5, [saved('b', 'npm test')])
  expect(overlaps(draft, latest)).toBe(true)
  const { rules } = changesOf(reapply(draft, latest))
  expect(rules).toHaveLength(1)
  expect(rules[0]).toMatchObject({ kind: 'added', rule: { match: { command: 'git log **' }, id: undefined } })
})

test('a rule that both changed is said to overlap, and so is a deleted one that others changed', () => {
  const latest = policy(5, [saved('a', 'git log --oneline'), saved('b', 'npm test')])
  expect(overlaps(withRule(draftOf(BASE), RuleDraft.parse(saved('a', 'git log **')), 'a'), latest)).toBe(true)
  expect(overlaps(withoutRule(draftOf(BASE), 'a'), latest)).toBe(true)
  expect(overlaps(withoutRule(draftOf(BASE), 'a'), policy(5, [saved('b', 'npm test')]))).toBe(false)
})

test('a document with a new rule, without another, is a draft with these changes', () => {
  const draft = withDocument(draftOf(BASE), { preset: 'careful', rules: [RuleDraft.parse(saved('a', 'git log *')), NEW_RULE] })
  expect(changesOf(draft).rules.map(({ kind }) => kind)).toEqual(['added', 'removed'])
  expect(new Set(draft.rules.map(({ key }) => key)).size).toBe(2)
})
