import { expect, test } from 'vitest'
import type { OpenTool } from './conversation.ts'
import { toolCallIdOf } from './conversation.ts'
import { toolKindOf } from './tool-catalogue.ts'
import { reportOf } from './tool-output.ts'

const context = { cwd: '/project', isError: false }

function tool(name: string, input: Record<string, unknown> = {}): OpenTool {
  return {
    id: toolCallIdOf('toolu_1'),
    name,
    kind: toolKindOf(name),
    parentNativeId: null,
    parentId: undefined,
    turnId: undefined,
    input,
    isInputWhole: true,
    startedAt: 0,
  }
}

test('a command gives its output, errors after it, and its exit code', () => {
  const payload = { stdout: 'out', stderr: 'err', interrupted: false, isImage: false }
  expect(reportOf(tool('Bash'), payload, 'ignored', context)).toMatchObject({ text: 'out\nerr', exitCode: 0, change: null })
  expect(reportOf(tool('Bash'), 'Error: Exit code 3', 'Exit code 3\nbad', { ...context, isError: true })).toMatchObject({ exitCode: 3 })
})

test('a long output keeps its beginning and its end', () => {
  const stdout = `first ${'x'.repeat(200_000)} last`
  const report = reportOf(tool('Bash'), { stdout, stderr: '' }, '', context)
  expect(report.isTruncated).toBe(true)
  expect(report.text.length).toBeLessThan(66_000)
  expect(report.text.startsWith('first')).toBe(true)
  expect(report.text.endsWith('last')).toBe(true)
})

test('an edit gives a difference with all its hunks', () => {
  const hunk = (start: number) => ({ oldStart: start, oldLines: 1, newStart: start, newLines: 1, lines: ['-a', '+b'] })
  const payload = { filePath: 'src/a.ts', structuredPatch: [hunk(1), hunk(9)] }
  expect(reportOf(tool('Edit'), payload, 'ok', context)).toMatchObject({
    text: '',
    change: { path: '/project/src/a.ts', change: 'update', unified: '@@ -1,1 +1,1 @@\n-a\n+b\n@@ -9,1 +9,1 @@\n-a\n+b' },
  })
})

test('a new file without a line break at its end says so', () => {
  const payload = { type: 'create', filePath: '/project/a', content: 'x', structuredPatch: [] }
  expect(reportOf(tool('Write'), payload, 'ok', context).change?.unified).toBe('@@ -0,0 +1,1 @@\n+x\n\\ No newline at end of file')
})

test('where a result has no difference the input tells what was replaced', () => {
  const edit = tool('Edit', { file_path: 'a.ts', old_string: 'one', new_string: 'two' })
  expect(reportOf(edit, undefined, 'ok', context).change).toEqual({
    path: '/project/a.ts',
    change: 'update',
    oldText: 'one',
    newText: 'two',
  })
  expect(reportOf(edit, undefined, 'Denied', { ...context, isError: true })).toMatchObject({ text: 'Denied', change: null })
})

test('what is meant for the model alone is not shown', () => {
  expect(reportOf(tool('Edit'), undefined, '<tool_use_error>Wrong</tool_use_error>', { ...context, isError: true }).text).toBe('Wrong')
  const launched = { status: 'async_launched', agentId: 'a', prompt: 'p' }
  expect(reportOf(tool('Task'), launched, 'internal metadata', context).text).toContain('in the background')
  const report = {
    status: 'completed',
    content: [
      { type: 'text', text: '<tools-used-before-summary>Bash</tools-used-before-summary>\n' },
      { type: 'text', text: 'Done.' },
    ],
  }
  expect(reportOf(tool('Agent'), report, 'x', context).text).toBe('Done.')
})

test('a result that is a picture says so', () => {
  expect(reportOf(tool('mcp__shots__take'), undefined, [{ type: 'image', source: {} }], context).text).toBe('[image]')
})
