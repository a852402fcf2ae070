import { expect, test } from 'vitest'
import { ModelRequest } from './model-request.ts'
import { readTurn } from './turn.ts'

const request = (messages: unknown[]) => ModelRequest.parse({ model: 'any', messages, tools: [{ name: 'Bash' }] })
const user = (...texts: string[]) => ({ role: 'user', content: texts.map((text) => ({ type: 'text', text })) })
const reminder = (text: string) => `<system-reminder>\n${text}\n</system-reminder>`
const toolUse = (id: string, name = 'Bash') => ({ role: 'assistant', content: [{ type: 'tool_use', id, name, input: { command: 'ls' } }] })
const toolResult = (id: string, content: unknown, isError = false) => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content, is_error: isError }],
})

test('the prompt is what the person typed, without reminders', () => {
  expect(readTurn(request([user(reminder('Be nice.'), 'List the files')])).prompt).toBe('List the files')
})

test('a turn starts at the last prompt and holds what was done since', () => {
  const turn = readTurn(
    request([
      user('First'),
      toolUse('a'),
      toolResult('a', 'old'),
      user('Second'),
      toolUse('b'),
      toolResult('b', [{ type: 'text', text: 'new' }]),
    ]),
  )
  expect(turn.prompt).toBe('Second')
  expect(turn.rounds).toEqual([[{ name: 'Bash', input: { command: 'ls' }, result: { outcome: 'ok', text: 'new' } }]])
})

test('a message sent while a turn runs becomes the prompt', () => {
  const folded = 'The user sent a new message while you were working:\nRather explain it\n\nThis is how Claude Code surfaces messages'
  const turn = readTurn(request([user('List the files'), toolUse('a'), toolResult('a', 'x'), { role: 'system', content: folded }]))
  expect(turn).toMatchObject({ prompt: 'Rather explain it', rounds: [] })
})

test('the mark of an interrupted turn is no prompt', () => {
  expect(readTurn(request([user('Old'), user('[Request interrupted by user]'), user('New')])).prompt).toBe('New')
})

test('news of a background task opens a turn', () => {
  const news = '<task-notification>\n<result>All well</result>\n</task-notification>'
  expect(readTurn(request([user('Go'), { role: 'assistant', content: 'Gone' }, user(reminder(news))])).prompt).toBe(news)
})

test.each([
  ['Exit code 1\nboom', 'failed'],
  ['<tool_use_error>No such file</tool_use_error>', 'failed'],
  ['Not on a Friday', 'denied'],
])('an error that reads %j means that the call %s', (text, outcome) => {
  const turn = readTurn(request([user('Go'), toolUse('a'), toolResult('a', text, true)]))
  expect(turn.rounds[0]?.[0]?.result).toEqual({ outcome, text })
})

test('plan mode lasts from its reminder until the plan is approved', () => {
  const entered = {
    role: 'system',
    content: 'Plan mode is active. Create your plan at /home/me/.claude/plans/a-plan.md using the Write tool.',
  }
  const asked = [user('Go'), entered]
  expect(readTurn(request(asked)).planFile).toBe('/home/me/.claude/plans/a-plan.md')
  const approved = [
    ...asked,
    toolUse('a', 'ExitPlanMode'),
    toolResult('a', 'User has approved your plan. Saved to /home/me/.claude/plans/a-plan.md'),
  ]
  expect(readTurn(request(approved)).planFile).toBeNull()
})
