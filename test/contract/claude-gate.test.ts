import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { claudeStage, type ClaudeStage, type StageOptions } from '../support/claude-stage.ts'

/*
 * Every tool of the real Claude Code waits for the gate, and what the gate refuses does not happen. Looked at is the
 * file system, not what anybody says.
 */

interface Case {
  tool: string
  input: (cwd: string) => Record<string, unknown>
  /** Whether the call has happened. */
  happened: (cwd: string) => Promise<boolean> | boolean
  options?: StageOptions
}

const has = (name: string) => (cwd: string) => existsSync(join(cwd, name))
const reads = (cwd: string) => readFile(join(cwd, 'a.txt'), 'utf8')

/** A server over standard input and output whose one tool makes a file. */
const MCP_SERVER = `
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
const tools = [{ name: 'make', description: 'Makes a file', inputSchema: { type: 'object', properties: {} }, annotations: { readOnlyHint: true } }]
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  if (method === 'tools/call') writeFileSync('by-server', '')
  const result = method === 'initialize' ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'maker', version: '1' } }
    : method === 'tools/list' ? { tools } : { content: [{ type: 'text', text: 'made' }] }
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
}`

async function asRepository(cwd: string): Promise<void> {
  const git = (...words: string[]) =>
    promisify(execFile)('git', ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words])
  await git('init', '-q')
  await git('commit', '-q', '--allow-empty', '-m', 'first')
}

const CASES: Case[] = [
  { tool: 'Bash', input: () => ({ command: 'touch made' }), happened: has('made') },
  { tool: 'Bash', input: () => ({ command: 'touch made', run_in_background: true }), happened: has('made') },
  {
    tool: 'Monitor',
    input: () => ({ command: 'touch made', description: 'Waits', timeout_ms: 5000, persistent: false }),
    happened: has('made'),
  },
  {
    tool: 'EnterWorktree',
    input: () => ({ name: 'aside' }),
    happened: has('.claude/worktrees/aside'),
    options: { prepare: ({ cwd }) => asRepository(cwd) },
  },
  { tool: 'Write', input: (cwd) => ({ file_path: join(cwd, 'made'), content: '' }), happened: has('made') },
  {
    tool: 'Edit',
    input: (cwd) => ({ file_path: join(cwd, 'a.txt'), old_string: 'one', new_string: 'two' }),
    happened: async (cwd) => (await reads(cwd)).includes('two'),
  },
  {
    tool: 'NotebookEdit',
    input: (cwd) => ({ notebook_path: join(cwd, 'n.ipynb'), cell_id: 'c1', new_source: 'changed' }),
    happened: async (cwd) => (await readFile(join(cwd, 'n.ipynb'), 'utf8')).includes('changed'),
  },
  {
    tool: 'mcp__maker__make',
    input: () => ({}),
    happened: has('by-server'),
    options: {
      trusted: true,
      prepare: async ({ cwd }) => {
        await mkdir(join(cwd, '.claude'), { recursive: true })
        await writeFile(join(cwd, 'server.mjs'), MCP_SERVER)
        await writeFile(
          join(cwd, '.mcp.json'),
          JSON.stringify({ mcpServers: { maker: { command: process.execPath, args: ['server.mjs'] } } }),
        )
        const settings = { enableAllProjectMcpServers: true, permissions: { allow: ['mcp__maker__make', 'Bash(*)', 'Write', 'Edit'] } }
        await writeFile(join(cwd, '.claude', 'settings.json'), JSON.stringify(settings))
      },
    },
  },
]

async function inFolder({ tool, input, options }: Case): Promise<ClaudeStage> {
  let folder = ''
  return claudeStage(
    (request) => {
      // What is to be edited must have been read.
      if (request.toolResultCount === 0)
        return [{ tool: 'Read', input: { file_path: join(folder, tool === 'NotebookEdit' ? 'n.ipynb' : 'a.txt') } }]
      return request.toolResultCount === 1 ? [{ tool, input: input(folder) }] : [{ text: 'Done.' }]
    },
    {
      ...options,
      prepare: async (place) => {
        folder = place.cwd
        await writeFile(join(place.cwd, 'a.txt'), 'one\n')
        const cell = { cell_type: 'code', id: 'c1', metadata: {}, outputs: [], execution_count: null, source: 'first' }
        const notebook = { cells: [cell], metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 }
        await writeFile(join(place.cwd, 'n.ipynb'), JSON.stringify(notebook))
        await options?.prepare?.(place)
      },
    },
  )
}

test.for(CASES)('$tool happens after the gate let it through, and not before', async (one) => {
  const { host, turn, cwd } = await inFolder(one)
  const done = turn('Go')

  const approval = await host.approval(({ ask }) => ask.toolName === one.tool)
  expect(await one.happened(cwd)).toBe(false)
  approval.allow()
  await done

  await expect.poll(() => one.happened(cwd), { timeout: 10_000 }).toBe(true)
  expect(host.approvals).toHaveLength(1)
})

test.for(CASES)('$tool does not happen where the gate refuses it', async (one) => {
  const { host, turn, cwd } = await inFolder(one)
  host.decideBy = (approval) => approval.deny('No.')

  await turn('Go')

  expect(await one.happened(cwd)).toBe(false)
  expect(host.approvals.map(({ ask }) => ask.toolName)).toEqual([one.tool])
  expect(host.of('tool.ended').at(-1)).toMatchObject({ status: 'declined' })
})

test('reading is asked like everything else: what the gate refuses does not reach the model', async () => {
  const { host, turn, model, cwd } = await claudeStage(
    (request) => {
      if (request.toolResultCount === 0)
        return [
          { tool: 'Read', input: { file_path: 'a.txt' } },
          { tool: 'Bash', input: { command: 'cat a.txt' } },
        ]
      return [{ text: 'Done.' }]
    },
    { prepare: ({ cwd: folder }) => writeFile(join(folder, 'a.txt'), 'the words') },
  )
  host.decidesAll = true
  host.decideBy = (approval) => approval.deny('No.')

  await turn('Go')

  expect(host.approvals.map(({ ask }) => [ask.toolName, ask.reads, ask.onlyReads])).toEqual([
    ['Read', [join(cwd, 'a.txt')], true],
    ['Bash', [], false],
  ])
  expect(model.requests.every(({ wholeText }) => !wholeText.includes('the words'))).toBe(true)
})

test('a fetch is asked before anything is sent', async () => {
  const { host, turn, model } = await claudeStage((request) =>
    request.toolResultCount === 0
      ? [{ tool: 'WebFetch', input: { url: `http://127.0.0.1:9/secret`, prompt: 'Read' } }]
      : [{ text: 'Done.' }],
  )
  host.decideBy = (approval) => approval.deny('No.')
  await turn('Go')
  expect(host.approvals.map(({ ask }) => ask.toolName)).toEqual(['WebFetch'])
  expect(model.requests.at(-1)?.toolResults).toMatchObject([{ isError: true }])
})

test('what a hook of a trusted folder makes of a call is asked as the call that it then is', async () => {
  const output = { hookEventName: 'PreToolUse', permissionDecision: 'allow', updatedInput: { command: 'touch other' } }
  for (const hookOutput of [output, { hookEventName: 'PreToolUse', updatedInput: { command: 'touch other' } }]) {
    const { host, turn, cwd } = await claudeStage(
      (request) => (request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'touch made' } }] : [{ text: 'Done.' }]),
      {
        trusted: true,
        prepare: async ({ cwd: folder }) => {
          await mkdir(join(folder, '.claude'))
          const command = `echo '${JSON.stringify({ hookSpecificOutput: hookOutput })}'`
          const hooks = { PreToolUse: [{ matcher: '*', hooks: [{ type: 'command', command }] }] }
          await writeFile(join(folder, '.claude', 'settings.json'), JSON.stringify({ hooks }))
        },
      },
    )
    host.decideBy = (approval) => {
      if (approval.ask.title === 'touch made') approval.allow()
      else approval.deny('Not that one.')
    }
    await turn('Go')
    expect(existsSync(join(cwd, 'other'))).toBe(false)
  }
})

test('a command is asked with the folder where it will run', async () => {
  const { host, turn, cwd } = await claudeStage(
    (request) => {
      if (request.toolResultCount === 0) return [{ tool: 'Bash', input: { command: 'cd sub' } }]
      return request.toolResultCount === 1 ? [{ tool: 'Bash', input: { command: 'touch made' } }] : [{ text: 'Done.' }]
    },
    { prepare: ({ cwd: folder }) => mkdir(join(folder, 'sub')) },
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Go')
  expect(host.approvals.map(({ ask }) => [ask.title, ask.cwd])).toEqual([
    ['cd sub', undefined],
    ['touch made', join(cwd, 'sub')],
  ])
  expect(existsSync(join(cwd, 'sub', 'made'))).toBe(true)
})

/** Each comes to the gate like all others; by itself it runs nothing and writes no file of the project. */
const HARMLESS = `AskUserQuestion CronCreate CronDelete CronList EnterPlanMode ExitPlanMode ExitWorktree ListAgents Read ReportFindings
  ScheduleWakeup SendMessage Skill TaskStop TodoWrite ToolSearch WebSearch Workflow`

/** Told by tests of their own: what a sub-agent does, and a fetch. */
const ELSEWHERE = ['Task', 'WebFetch']

test('every tool that Claude Code offers and that writes or runs something is tried', async () => {
  const { host, turn } = await claudeStage(() => [{ text: 'Hello.' }])
  await turn('Hello')

  const { tools = [] } = await host.event('session.updated', (event) => event.tools !== undefined && event.tools.length > 0)
  const known = new Set([...CASES.map(({ tool }) => tool), ...HARMLESS.split(/\s+/), ...ELSEWHERE])
  expect(tools).toContain('Bash')
  // A tool of a later version that is not here yet belongs into one of the lists, after a look at what it does.
  expect(tools.filter((tool) => !known.has(tool))).toEqual([])
})
