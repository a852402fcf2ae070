import { expect, test } from 'vitest'
import { approvalKindOf, toolKindOf, toolTitle, writesOf } from './tool-catalogue.ts'

test.for([
  ['Bash', { command: 'npm test\nnpm run lint' }, 'npm test'],
  ['Edit', { file_path: '/project/src/a.ts' }, 'src/a.ts'],
  ['Read', { file_path: '/etc/hosts' }, '/etc/hosts'],
  ['WebFetch', { url: 'https://example.org', prompt: 'x' }, 'https://example.org'],
  ['Task', { description: 'Look around', prompt: 'x' }, 'Look around'],
  ['AskUserQuestion', { questions: [{ question: 'Which?' }] }, 'Which?'],
  ['mcp__github__list_issues', { repo: 'x' }, 'github: list_issues'],
  ['Bash', {}, 'Bash'],
  ['Newest', { a: 1 }, 'Newest'],
] as const)('%s is titled for a person', ([name, input, title]) => {
  expect(toolTitle(name, input, '/project')).toBe(title)
})

test('kinds, and what is asked for in their name', () => {
  expect(['Bash', 'Write', 'AskUserQuestion', 'ExitPlanMode', 'EnterPlanMode', 'WebFetch', 'mcp__a__b'].map(approvalKindOf)).toEqual([
    'command',
    'edit',
    'question',
    'plan',
    'tool',
    'tool',
    'tool',
  ])
  expect(['Agent', 'TodoWrite', 'Grep', 'mcp__a__b', 'constructor'].map(toolKindOf)).toEqual(['subagent', 'todo', 'search', 'mcp', 'other'])
})

test('only edits name the files that they write, as absolute paths', () => {
  expect(writesOf('Write', { file_path: 'a/../b.txt' }, '/project')).toEqual(['/project/b.txt'])
  expect(writesOf('NotebookEdit', { notebook_path: '/n.ipynb' }, '/project')).toEqual(['/n.ipynb'])
  expect(writesOf('Read', { file_path: 'a' }, '/project')).toEqual([])
  expect(writesOf('Write', { file_path: 7 }, '/project')).toEqual([])
})
