import { expect, test } from 'vitest'
import { RuleDraft } from '#protocol/policy'
import { explainRule, holdsWords, matchWords } from './rule-words.ts'
import { explainText } from './text-policy.ts'

const NAMES = { people: new Map([['ada', 'Ada']]), projects: new Map([['shop', 'shop-api']]) }

function rule(match: object, rest: object = {}) {
  return RuleDraft.parse({ decision: 'allow', scope: { kind: 'global' }, match, ...rest })
}

test.each([
  [{ command: 'git log *' }, 'Commands: git log *'],
  [{ paths: ['src/**', 'docs/*.md'] }, 'Paths: src/**, docs/*.md'],
  [{ tools: ['Edit', 'Write'], paths: ['src/**'] }, 'Tools: Edit, Write · Paths: src/**'],
  [{ tools: ['*'], domains: ['*.example.org'] }, 'Every tool · Sites: *.example.org'],
  [{ tools: ['Bash'], modes: ['plan'], provider: 'claude' }, 'Tools: Bash · Agent: claude · Mode: Plan'],
  [{ exact: { callHash: 'ab'.repeat(32), files: [] } }, 'One exact call: abababab'],
  [{}, 'No condition'],
])('%j is told as %s', (match, words) => {
  expect(matchWords(rule(match).match)).toBe(words)
})

test('an allow rule for commands says what it allows, where, and what it never covers', () => {
  const [first, ...limits] = explainRule(rule({ command: 'git log *' }, { scope: { kind: 'project', projectId: 'shop' } }), NAMES)
  expect(first).toBe('Allows, without asking, commands like “git log *” in shop-api.')
  expect(limits).toContain(explainText.allowsCommand)
  expect(limits).toContain(explainText.neverRuns)
  expect(limits).toContain(explainText.neverProtected)
})

test('a command without a star is not told to be kept from running others', () => {
  expect(explainRule(rule({ command: 'npm test' }), NAMES)).not.toContain(explainText.neverRuns)
})

test('an allow rule for tools says that it covers no commands, and that paths alone lead outside', () => {
  expect(explainRule(rule({ tools: ['Edit'] }), NAMES)).toEqual(
    expect.arrayContaining([explainText.neverCommands, explainText.neverOutside]),
  )
  expect(explainRule(rule({ tools: ['Edit'], paths: ['/tmp/**'] }), NAMES)).not.toContain(explainText.neverOutside)
})

test('ask and deny rules say that a part of a call is enough', () => {
  const denied = rule({ command: 'rm **' }, { decision: 'deny', scope: { kind: 'user', userId: 'ada' } })
  expect(explainRule(denied, NAMES)).toEqual(['Denies commands like “rm **” for Ada.', explainText.anyCommand])
})

test('an exact rule promises nothing but its call', () => {
  const exact = { callHash: 'ab'.repeat(32), files: [{ path: '/a.sh', sha256: 'cd'.repeat(32) }] }
  expect(explainRule(rule({ exact }), NAMES)).toEqual(['Allows, without asking, one exact call everywhere.', explainText.exactFiles])
})

test('a search finds words of the match, the place, the reason and the author in any order', () => {
  const found = { ...rule({ command: 'git push *' }, { scope: { kind: 'project', projectId: 'shop' } }), reason: 'Releases', author: 'ada' }
  for (const search of ['push', 'SHOP push', 'releases ada', 'allow git', '']) expect(holdsWords(found, search, NAMES)).toBe(true)
  expect(holdsWords(found, 'push deny', NAMES)).toBe(false)
})
