import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CanUseTool, query, type SDKMessage, type SDKUserMessage } from '@anthropic-ai/claude-agent-sdk'
import { expect, type TestContext, test, vi } from 'vitest'
import { startDemo } from '../../src/server/demo/demo.ts'

/*
 * The demo's script against the real agent: what the script asks for, the agent's own tools do.
 */

vi.setConfig({ maxConcurrency: 2 })

interface Conversation extends Pick<TestContext, 'onTestFinished'> {
  prompts: string[]
  mode?: 'default' | 'plan'
  canUseTool?: CanUseTool
}

interface Told {
  projectPath: string
  /** Names of the tools that permission was asked for, in order. */
  asked: string[]
  /** Every text of the main agent. */
  texts: string[]
  /** Names of all tools that were called, those of sub-agents included. */
  called: string[]
  results: Extract<SDKMessage, { type: 'result' }>[]
}

const allow: CanUseTool = (_, input) => Promise.resolve({ behavior: 'allow', updatedInput: input })

/** Runs a conversation over a fresh sample project; each prompt goes out once the agent is idle. */
async function converse({ onTestFinished, prompts, mode = 'default', canUseTool = allow }: Conversation): Promise<Told> {
  const directory = await mkdtemp(join(tmpdir(), 'demo-contract-'))
  const demo = await startDemo({ directory, paceMs: 0 })
  onTestFinished(async () => {
    await demo.close()
    await rm(directory, { recursive: true, force: true, maxRetries: 10 })
  })
  const told: Told = { projectPath: demo.projectPath, asked: [], texts: [], called: [], results: [] }
  const input = createInput(prompts)
  const session = query({
    prompt: input.messages(),
    options: {
      cwd: demo.projectPath,
      env: { PATH: process.env.PATH, HOME: directory, CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1', ...demo.environment },
      includePartialMessages: true,
      permissionMode: mode,
      settingSources: [],
      settings: { useAutoModeDuringPlan: false },
      systemPrompt: { type: 'preset', preset: 'claude_code' },
      canUseTool: (name, toolInput, options) => {
        told.asked.push(name)
        return canUseTool(name, toolInput, options)
      },
    },
  })
  for await (const message of session) {
    note(told, message)
    if (message.type === 'system' && message.subtype === 'session_state_changed' && message.state === 'idle') input.next()
  }
  return told
}

/** The prompts as the SDK reads them: the first at once, each other one after `next()`; it ends after the last. */
function createInput(prompts: string[]) {
  const gates = prompts.map(() => Promise.withResolvers<undefined>())
  let open = 0
  return {
    next: () => gates[open++]?.resolve(undefined),
    async *messages(): AsyncGenerator<SDKUserMessage> {
      for (const [index, content] of prompts.entries()) {
        yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null }
        await gates[index]?.promise
      }
    },
  }
}

function note(told: Told, message: SDKMessage): void {
  if (message.type === 'result') told.results.push(message)
  if (message.type !== 'assistant') return
  for (const block of message.message.content) {
    if (block.type === 'tool_use') told.called.push(block.name)
    if (block.type === 'text' && message.parent_tool_use_id === null) told.texts.push(block.text)
  }
}

const read = (told: Told, file: string) => readFile(join(told.projectPath, file), 'utf8')

/** Ends with exit code 0 where the project's tests pass. */
async function passes(told: Told): Promise<boolean> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return promisify(execFile)(process.execPath, ['--test'], { cwd: told.projectPath, env }).then(
    () => true,
    () => false,
  )
}

test('listing and explaining ask for nothing and tell what is there', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Which files are in this project?', 'Explain this project'] })
  expect(told).toMatchObject({ asked: [], called: ['Bash', 'Read', 'Read', 'Read', 'Read'] })
  expect(told.texts.join('\n')).toContain('`src/receipt.js`: what the printer gets')
  expect(told.texts.at(-1)).toContain('till of a small shop')
  expect(told.results.map(({ subtype }) => subtype)).toEqual(['success', 'success'])
})

test('the failing test is fixed for real', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Fix the failing test', 'Fix the failing test'] })
  expect(told.asked).toEqual(['Bash', 'Edit', 'Bash', 'Bash'])
  expect(await passes(told)).toBe(true)
  expect(told.texts.at(-1)).toContain('nothing to fix')
})

test('a command and a file are as the prompts say', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({
    onTestFinished,
    prompts: ['Run `npm start`', 'Run `exit 3`', 'Write "Buy milk" to list.txt', 'Write "Buy bread" to list.txt'],
  })
  expect(told.asked).toEqual(['Bash', 'Bash', 'Write', 'Write'])
  expect(told.texts.join('\n')).toContain('Total 3.65')
  expect(told.texts.join('\n')).toContain('`exit 3` **failed**')
  expect(await read(told, 'list.txt')).toBe('Buy bread\n')
})

test('a feature is built along a to-do list', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Add a discount, step by step with a to-do list'] })
  expect(told.called).toEqual(['TodoWrite', 'Write', 'TodoWrite', 'Write', 'TodoWrite', 'Bash', 'TodoWrite'])
  expect(told.texts.at(-1)).toContain('its test passes')
})

test('in plan mode the plan comes first, and is carried out once it is approved', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, mode: 'plan', prompts: ['Fix the failing test'] })
  expect(told.asked).toEqual(['ExitPlanMode', 'Bash', 'Edit', 'Bash'])
  expect(await passes(told)).toBe(true)
})

test('a plan that is turned down is revised once, then left alone', { concurrent: true }, async ({ onTestFinished }) => {
  const plans: unknown[] = []
  const canUseTool: CanUseTool = (_, { plan }) => {
    plans.push(plan)
    return Promise.resolve({ behavior: 'deny', message: 'Mind the rounding' })
  }
  const told = await converse({ onTestFinished, mode: 'plan', prompts: ['Fix the failing test'], canUseTool })
  expect(told.asked).toEqual(['ExitPlanMode', 'ExitPlanMode'])
  expect(plans).toEqual([expect.not.stringContaining('Mind'), expect.stringContaining('> Mind the rounding')])
  expect(await passes(told)).toBe(false)
})

test('a plan asked for outside plan mode enters it', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Make a plan for a discount before you change anything'] })
  expect(told.called.slice(0, 5)).toEqual(['EnterPlanMode', 'Read', 'Read', 'Write', 'ExitPlanMode'])
  expect(await read(told, 'src/discount.js')).toContain('percentOff')
})

test('it goes on with the answers to its questions', { concurrent: true }, async ({ onTestFinished }) => {
  const answers = { 'Which form should the receipt have?': 'JSON', 'What else belongs on it?': 'Tax, A thank-you' }
  const canUseTool: CanUseTool = (_, input) => Promise.resolve({ behavior: 'allow', updatedInput: { ...input, answers } })
  const told = await converse({ onTestFinished, prompts: ['Ask me how the receipt should look'], canUseTool })
  expect(told.asked).toEqual(['AskUserQuestion'])
  expect(told.texts.at(-1)).toMatch(/\*\*Receipt:\*\* JSON\n- \*\*Extras:\*\* Tax, A thank-you/)
})

test('a sub-agent does its job on the same model, and asks before it runs something', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Let a sub-agent find out how well this is tested'] })
  expect(told).toMatchObject({ asked: ['Bash'], called: ['Agent', 'Bash', 'Bash'] })
  expect(told.texts.at(-1)).toMatch(/The sub-agent is back[\s\S]*\*\*6 tests\*\* in 2 files\. \*\*1 of them fails/)
})

test('a sub-agent in the background reports by a turn of its own', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Let a sub-agent look at the tests in the background'] })
  expect(told.results).toHaveLength(2)
  expect(told.texts.at(-1)).toContain('in the background has finished')
})

test('a denial is taken with its reason, and the next prompt goes on', { concurrent: true }, async ({ onTestFinished }) => {
  const canUseTool: CanUseTool = () => Promise.resolve({ behavior: 'deny', message: 'Not on a Friday' })
  const told = await converse({ onTestFinished, prompts: ['Run `touch gone`', 'Show me a long answer with Markdown'], canUseTool })
  expect(told.texts.join('\n')).toContain('> Not on a Friday')
  expect(told.texts.at(-1)).toContain('| purchases |')
  await expect(read(told, 'gone')).rejects.toThrow('ENOENT')
})

test('the conversation goes on after it was compacted', { concurrent: true }, async ({ onTestFinished }) => {
  const told = await converse({ onTestFinished, prompts: ['Run `echo one`', '/compact', 'Run `echo two`', 'Good morning'] })
  expect(told.texts).toContainEqual(expect.stringContaining('`echo two` ended well'))
  expect(told.texts.at(-1)).toContain('This is the demo')
})
