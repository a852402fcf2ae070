import { expect, test } from 'vitest'
import { ModelRequest } from './model-request.ts'
import { answerRequest, DEMO_PROMPTS, scenarioFor } from './script.ts'
import { commandIn } from './scenarios/run-command.ts'
import { fileNameIn } from './scenarios/write-file.ts'

const TOOLS = [{ name: 'Bash' }, { name: 'Agent' }, { name: 'AskUserQuestion' }, { name: 'EnterPlanMode' }]
const request = (prompt: string, more: object = {}) =>
  ModelRequest.parse({ model: 'any', thinking: { type: 'adaptive' }, tools: TOOLS, messages: [{ role: 'user', content: prompt }], ...more })

test('each prompt that the demo offers leads to the scenario that offers it', () => {
  expect(DEMO_PROMPTS.map((prompt) => scenarioFor(prompt)?.example)).toEqual(DEMO_PROMPTS)
})

test.each([
  ['list all files please', 'Which files are in this project?'],
  ['What does this code do?', 'Explain this project'],
  ['One test fails, can you repair it?', 'Fix the failing test'],
  ['please run the tests', 'Run `npm start`'],
  ['create hello.txt that says "hi"', 'Write a file NOTES.md with what you know about this project'],
  ['Use a subagent for this', 'Let a sub-agent find out how well this is tested'],
])('%j is understood', (prompt, example) => {
  expect(scenarioFor(prompt)?.example).toBe(example)
})

test('a prompt that it does not know is answered with those that it does', () => {
  const [block] = answerRequest(request('Good morning'))
  expect(block).toMatchObject({ type: 'text', text: expect.stringContaining('Fix the failing test') })
})

test.each([
  ['run `npm test`', 'npm test'],
  ['Can you please run git log --oneline?', 'git log --oneline'],
  ['run the tests', 'node --test'],
  ['Explain how to run it', null],
])('the command in %j is %j', (prompt, command) => {
  expect(commandIn(prompt)).toBe(command)
})

test('a file is written into the project alone, whatever path the prompt names', () => {
  expect(fileNameIn('write ../../etc/cron.txt')).toBe('cron.txt')
  expect(fileNameIn('write a note')).toBe('NOTES.md')
})

test('without thinking in the request there is none in the answer', () => {
  const types = (more: object) => answerRequest(request('Fix the failing test', more)).map(({ type }) => type)
  expect(types({})).toEqual(['thinking', 'text', 'call'])
  expect(types({ thinking: { type: 'disabled' } })).toEqual(['text', 'call'])
})

test('what is turned down is left alone, with its reason', () => {
  const messages = [
    { role: 'user', content: 'Run `rm -r src`' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'rm -r src' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', is_error: true, content: 'Better not' }] },
  ]
  const blocks = answerRequest(request('', { messages }))
  expect(blocks).toEqual([{ type: 'text', text: expect.stringMatching(/`rm -r src`[\s\S]*> Better not/) }])
})

test('a request for a title gets one that says what was asked', () => {
  const format = { type: 'json_schema', schema: { properties: { title: { type: 'string' } } } }
  const [block] = answerRequest(request('<session>fix the cart</session>', { tools: [], output_config: { format } }))
  expect(block).toEqual({ type: 'text', text: '{"title":"Fix the cart"}' })
})
