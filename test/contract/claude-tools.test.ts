import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claudeStage } from '../support/claude-stage.ts'

test('a tool call starts, takes its input, is asked for, gives output and ends, in this order', async () => {
  const { host, turn, cwd } = await claudeStage((request) =>
    request.toolResultCount === 0
      ? [{ tool: 'Bash', input: { command: 'touch made && echo done', description: 'Make a file' } }]
      : [{ text: 'Done.' }],
  )
  host.decideBy = (approval) => approval.allow()
  const { turnId } = await turn('Make it')

  const [started] = host.of('tool.started')
  expect(started).toMatchObject({ name: 'Bash', toolKind: 'execute', title: 'Bash', turnId })
  const inputs = host.of('tool.input')
  expect(inputs.flatMap((event) => event.delta ?? []).join('')).toBe(
    JSON.stringify({ command: 'touch made && echo done', description: 'Make a file' }),
  )
  expect(inputs.at(-1)).toMatchObject({ input: { command: 'touch made && echo done' }, title: 'touch made && echo done' })
  expect(host.of('tool.output')).toMatchObject([{ mode: 'replace', text: 'done', truncated: false }])
  expect(host.of('tool.ended')).toMatchObject([{ toolCallId: started?.toolCallId, status: 'ok', exitCode: 0 }])
  expect(host.of('tool.ended')[0]?.durationMs).toBeGreaterThanOrEqual(0)
  const order = host.kinds().filter((kind) => kind.startsWith('tool.'))
  expect(order.indexOf('tool.started')).toBe(0)
  expect(order.at(-1)).toBe('tool.ended')
  expect(existsSync(join(cwd, 'made'))).toBe(true)
  expect(host.approvals[0]?.ask).toMatchObject({
    approvalKind: 'command',
    toolName: 'Bash',
    toolInput: { command: 'touch made && echo done' },
    toolCallId: started?.toolCallId,
    title: 'touch made && echo done',
    description: 'Make a file',
    writes: [],
  })
})

test('an approval finds its tool call already told', async () => {
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'touch made' } }] : [{ text: 'Done.' }],
  )
  host.decideBy = (approval) => {
    expect(host.of('tool.started').map((event) => event.toolCallId)).toContain(approval.ask.toolCallId)
    approval.allow()
  }
  await turn('Make it')
  expect(host.approvals).toHaveLength(1)
})

test('edits ask with the paths they write and are told as differences', async () => {
  const { host, turn, cwd } = await claudeStage(
    (request) => {
      const file = join(/working directory: (\S+)/i.exec(request.wholeText)?.[1] ?? '.', 'list.txt')
      if (request.toolResultCount === 0) return [{ tool: 'Read', input: { file_path: file } }]
      if (request.toolResultCount === 1) return [{ tool: 'Edit', input: { file_path: file, old_string: 'two', new_string: 'deux' } }]
      if (request.toolResultCount === 2) return [{ tool: 'Write', input: { file_path: 'new.txt', content: 'a\nb\n' } }]
      return [{ text: 'Done.' }]
    },
    { prepare: async ({ cwd: folder }) => writeFile(join(folder, 'list.txt'), 'one\ntwo\nthree\n') },
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Edit it')

  expect(host.of('tool.output').map((event) => event.text)).toEqual(['one\ntwo\nthree\n'])
  expect(host.of('tool.diff')).toMatchObject([
    { path: join(cwd, 'list.txt'), change: 'update', unified: '@@ -1,3 +1,3 @@\n one\n-two\n+deux\n three' },
    { path: join(cwd, 'new.txt'), change: 'add', unified: '@@ -0,0 +1,2 @@\n+a\n+b' },
  ])
  expect(host.of('tool.input').flatMap((event) => event.title ?? [])).toEqual(['list.txt', 'list.txt', 'new.txt'])
  const edits = host.approvals.filter(({ ask }) => ask.approvalKind === 'edit')
  expect(edits.map(({ ask }) => ask.writes)).toEqual([[join(cwd, 'list.txt')], [join(cwd, 'new.txt')]])
  expect(await readFile(join(cwd, 'list.txt'), 'utf8')).toBe('one\ndeux\nthree\n')
})

test('a denial ends the call as declined, its reason reaches the model, and the turn goes on', async () => {
  const { host, turn, cwd, model } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'touch made' } }] : [{ text: 'As you like.' }],
  )
  host.decideBy = (approval) => approval.deny('Not in this folder, please.')
  const ended = await turn('Make it')

  expect(ended.outcome).toBe('completed')
  expect(host.of('tool.ended')).toMatchObject([{ status: 'declined' }])
  expect(model.requests.at(-1)?.toolResults).toMatchObject([
    { text: expect.stringMatching(/Not in this folder, please\.$/), isError: true },
  ])
  expect(existsSync(join(cwd, 'made'))).toBe(false)
})

test('what a person edited is what runs', async () => {
  const { host, turn, cwd } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'touch asked' } }] : [{ text: 'Done.' }],
  )
  host.decideBy = (approval) => approval.decide({ outcome: 'allowed', input: { command: 'touch edited' }, edited: true })
  await turn('Make it')
  expect([existsSync(join(cwd, 'asked')), existsSync(join(cwd, 'edited'))]).toEqual([false, true])
})

test('approving leaves the mode untouched: the next edit is asked for again', async () => {
  const { host, turn } = await claudeStage((request) => {
    if (request.toolResultCount === 0) return [{ tool: 'Bash', input: { command: 'touch made' } }]
    if (request.toolResultCount === 1) return [{ tool: 'Write', input: { file_path: 'one.txt', content: '1' } }]
    if (request.toolResultCount === 2) return [{ tool: 'Write', input: { file_path: 'two.txt', content: '2' } }]
    return [{ text: 'Done.' }]
  })
  host.decideBy = (approval) => approval.allow()
  await turn('Make them')
  expect(host.approvals.map(({ ask }) => ask.toolName)).toEqual(['Bash', 'Write', 'Write'])
  expect(host.of('session.updated').flatMap((event) => event.mode ?? [])).toEqual([])
})

test('in the mode that accepts edits the agent still asks, so that the server’s gate decides and writes down', async () => {
  const { host, turn } = await claudeStage(
    (request) => (request.toolResultCount === 0 ? [{ tool: 'Write', input: { file_path: 'one.txt', content: '1' } }] : [{ text: 'Done.' }]),
    { mode: 'acceptEdits' },
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Make it')
  expect(host.approvals).toHaveLength(1)
  expect(host.of('session.opened')[0]?.mode).toBe('acceptEdits')
})

test('failed, unknown and malformed calls end as errors', async () => {
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0
      ? [
          { tool: 'Bash', input: { command: 'echo bad >&2; exit 3' } },
          { tool: 'NoSuchTool', input: { a: 1 } },
          { tool: 'Edit', input: { wrong: true } },
        ]
      : [{ text: 'Hm.' }],
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Fail')

  expect(host.of('tool.started').map((event) => event.toolKind)).toEqual(['execute', 'other', 'edit'])
  expect(host.of('tool.ended').map((event) => event.status)).toEqual(['error', 'error', 'error'])
  expect(host.of('tool.ended').find((event) => event.exitCode !== undefined)?.exitCode).toBe(3)
  const outputs = host.of('tool.output').map((event) => event.text)
  expect(outputs.some((text) => text.includes('bad'))).toBe(true)
  expect(outputs.join()).not.toContain('tool_use_error')
})

test('a long output is cut in the middle and says so', async () => {
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0
      ? [{ tool: 'Bash', input: { command: 'head -c 29000 /dev/zero | tr "\\0" a; echo; echo end' } }]
      : [{ text: 'Ok.' }],
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Print')
  expect(host.of('tool.output')[0]?.text.endsWith('end')).toBe(true)
})

test('the todo list is told as a plan', async () => {
  const todos = [
    { content: 'Look', status: 'completed', activeForm: 'Looking' },
    { content: 'Leap', status: 'in_progress', activeForm: 'Leaping' },
  ]
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'TodoWrite', input: { todos } }] : [{ text: 'Ok.' }],
  )
  await turn('Plan')
  expect(host.of('session.updated')[0]?.tools).toContain('TodoWrite')
  expect(host.of('tool.started')[0]?.toolKind).toBe('todo')
  expect(host.of('tool.ended')).toMatchObject([{ status: 'ok' }])
  expect(host.of('plan.updated')).toMatchObject([
    {
      entries: [
        { text: 'Look', status: 'completed', activeText: 'Looking' },
        { text: 'Leap', status: 'in_progress', activeText: 'Leaping' },
      ],
    },
  ])
})

test('the newer todo tools are told as the same plan', async () => {
  const { host, turn } = await claudeStage(
    (request) => {
      if (request.toolResultCount === 0) return [{ tool: 'TaskCreate', input: { subject: 'Look', description: 'd' } }]
      if (request.toolResultCount === 1) return [{ tool: 'TaskUpdate', input: { taskId: '1', status: 'in_progress' } }]
      return [{ text: 'Ok.' }]
    },
    { environment: { CLAUDE_CODE_ENABLE_TASKS: '1' } },
  )
  await turn('Plan')
  expect(host.of('plan.updated').map((event) => event.entries)).toMatchObject([
    [{ text: 'Look', status: 'pending' }],
    [{ text: 'Look', status: 'in_progress' }],
  ])
})

test('a question is asked as one and its answer reaches the model', async () => {
  const question = 'Which colour?'
  const { host, turn, model } = await claudeStage((request) =>
    request.toolResultCount === 0
      ? [
          {
            tool: 'AskUserQuestion',
            input: {
              questions: [
                {
                  question,
                  header: 'Colour',
                  multiSelect: false,
                  options: [
                    { label: 'Red', description: 'r' },
                    { label: 'Blue', description: 'b' },
                  ],
                },
              ],
            },
          },
        ]
      : [{ text: 'Blue it is.' }],
  )
  host.decideBy = ({ ask, decide }) =>
    decide({ outcome: 'allowed', input: { ...ask.toolInput, answers: { [question]: 'Blue' } }, edited: true })
  await turn('Ask me')
  expect(host.approvals[0]?.ask).toMatchObject({ approvalKind: 'question', title: question })
  expect(model.requests.at(-1)?.toolResults[0]?.text).toContain('"Which colour?"="Blue"')
  expect(host.of('tool.started')[0]?.toolKind).toBe('question')
})
