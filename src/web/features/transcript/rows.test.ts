import { expect, test } from 'vitest'
import { SequencedEvent } from '#protocol/session-events'
import { applyEvent, initialSessionView } from '#protocol/session-reducer'
import type { ToolItem } from '#protocol/session-view/items'
import { buildRows, selectRows } from './rows.ts'
import { summarizeGroup, summarizeTool } from './tool-summary.ts'

function viewOf(...facts: object[]) {
  return facts
    .map((fact, index) =>
      SequencedEvent.parse({ sessionId: 's', seq: index + 1, at: '2026-11-01T10:00:00.000Z', event: { v: 1, ...fact } }),
    )
    .reduce(applyEvent, initialSessionView())
}

function toolsOf(...facts: object[]): ToolItem[] {
  return viewOf(...facts)
    .items.chunks.flat()
    .flatMap((item) => (item.kind === 'tool' ? [item] : []))
}

const started = (toolCallId: string, toolKind: string, title: string, more: object = {}) => ({
  kind: 'tool.started',
  toolCallId,
  name: 'Tool',
  toolKind,
  title,
  locations: [],
  ...more,
})
const ended = (toolCallId: string, more: object = {}) => ({ kind: 'tool.ended', toolCallId, status: 'ok', ...more })
const text = (blockId: string) => ({ kind: 'block.completed', blockId, blockKind: 'text', text: 'x' })
const prompt = { kind: 'user.message', messageId: 'm', content: [], delivery: 'started', origin: 'user' }

test('neighbouring calls that only look are one row under the key of the first', () => {
  const rows = selectRows(viewOf(started('a', 'read', 'a.ts'), started('b', 'search', 'x'), text('t'), started('c', 'read', 'c.ts')))
  expect(rows.map((row) => [row.kind, row.itemIds.length, row.key])).toEqual([
    ['group', 2, 'tool:a'],
    ['item', 1, 'block:t'],
    ['group', 1, 'tool:c'],
  ])
})

test('hidden prompts, discarded text, to-do calls and the work of sub-agents have no row', () => {
  const view = viewOf(
    { ...prompt, hidden: true },
    text('t'),
    { kind: 'block.discarded', blockId: 't', reason: 'retry' },
    started('todo', 'todo', 'list'),
    started('agent', 'subagent', 'Look'),
    { ...started('inner', 'read', 'a.ts'), parentId: 'agent' },
  )
  expect(selectRows(view).map((row) => row.key)).toEqual(['tool:agent'])
})

test('the first row after a prompt begins the answer', () => {
  const rows = buildRows(viewOf(prompt, text('a'), text('b')).items.chunks.flat())
  expect(rows.map((row) => row.isAnswerStart)).toEqual([false, true, false])
})

test('rows keep their identity while only words arrive', () => {
  const view = viewOf(prompt, { kind: 'block.started', blockId: 'b', blockKind: 'text' })
  const delta = SequencedEvent.parse({
    sessionId: 's',
    seq: 3,
    at: '2026-11-01T10:00:00.000Z',
    event: { v: 1, kind: 'block.delta', blockId: 'b', text: 'x' },
  })
  expect(selectRows(applyEvent(view, delta))).toBe(selectRows(view))
})

test('a tool call is told in one line', () => {
  const [command, edit, created, waiting, mcp] = toolsOf(
    started('1', 'execute', 'npm test'),
    ended('1', { status: 'error', exitCode: 2 }),
    started('2', 'edit', '/srv/shop/src/a.ts'),
    started('3', 'edit', '/srv/shop/b.ts'),
    { kind: 'tool.diff', toolCallId: '3', path: 'b.ts', change: 'add', newText: '' },
    ended('3'),
    started('4', 'execute', 'rm x'),
    {
      kind: 'approval.requested',
      approvalId: 'r',
      toolCallId: '4',
      approvalKind: 'command',
      title: 'rm x',
      toolName: 'Bash',
      input: {},
      inputHash: '',
      expiresAt: null,
    },
    started('5', 'mcp', 'query', { name: 'db__query' }),
  ).map((tool) => summarizeTool(tool, '/srv/shop'))
  expect(command).toEqual({ state: 'failed', verb: 'Ran', object: 'npm test', outcome: 'exit 2' })
  expect(edit).toEqual({ state: 'running', verb: 'Editing', object: 'src/a.ts', outcome: null })
  expect(created).toEqual({ state: 'done', verb: 'Created', object: 'b.ts', outcome: null })
  expect(waiting).toEqual({ state: 'waiting', verb: 'Run', object: 'rm x', outcome: 'waiting for you' })
  expect(mcp).toMatchObject({ verb: 'Calling', object: 'db__query: query' })
})

test('a group counts its files once, its searches and its failures', () => {
  const facts = [
    started('1', 'read', 'a.ts'),
    ended('1'),
    started('2', 'read', 'a.ts'),
    ended('2'),
    started('3', 'search', 'x'),
    ended('3', { status: 'error' }),
  ]
  expect(summarizeGroup(toolsOf(...facts)).words).toBe('Looked at 1 file · 1 search · 1 failed')
  expect(summarizeGroup(toolsOf(started('3', 'search', 'x'), ended('3'))).words).toBe('Searched once')
  expect(summarizeGroup(toolsOf(started('3', 'read', 'x')))).toEqual({ state: 'running', words: 'Looking at 1 file' })
})
