import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claudeStage } from '../support/claude-stage.ts'
import type { ModelRequest, ModelStep } from '../support/scripted-anthropic.ts'

/** The main conversation starts sub-agents; each of them says a word, runs a command and reports. */
function boss(tasks: { name: string; background?: boolean }[]) {
  return (request: ModelRequest): ModelStep[] => {
    const job = /JOB (\w+)/.exec(request.wholeText)?.[1]
    if (job !== undefined && !request.wholeText.includes('Start them')) {
      return request.toolResultCount === 0
        ? [{ text: `${job} begins.` }, { tool: 'Bash', input: { command: `touch ${job}` } }]
        : [{ text: `${job} is done.` }]
    }
    if (request.toolResultCount > 0) return [{ text: 'They work.' }]
    return tasks.map(({ name, background }) => ({
      tool: 'Task',
      input: {
        description: name,
        prompt: `JOB ${name}`,
        subagent_type: 'general-purpose',
        ...(background === undefined ? {} : { run_in_background: background }),
      },
    }))
  }
}

test('what a sub-agent does carries the tool call that it belongs to', async () => {
  const { host, turn, cwd } = await claudeStage(boss([{ name: 'alpha', background: false }]))
  host.decideBy = (approval) => approval.allow()
  const { turnId } = await turn('Start them')

  const task = host.of('tool.started').find((event) => event.toolKind === 'subagent')
  expect(task).toMatchObject({ name: 'Task', turnId })
  expect(task?.parentId).toBeUndefined()
  const bash = host.of('tool.started').find((event) => event.name === 'Bash')
  expect(bash).toMatchObject({ parentId: task?.toolCallId, turnId, title: 'touch alpha', input: { command: 'touch alpha' } })
  const inside = host.of('block.completed').filter((event) => event.parentId === task?.toolCallId)
  expect(inside.map((event) => event.text)).toEqual(['alpha begins.', 'alpha is done.'])
  expect(host.of('tool.output').find((event) => event.toolCallId === task?.toolCallId)?.text).toBe('alpha is done.')
  expect(host.of('task.started')).toMatchObject([{ taskKind: 'subagent', background: false, title: 'alpha', toolCallId: task?.toolCallId }])
  expect(host.of('task.ended')).toMatchObject([{ status: 'completed', summary: 'alpha is done.' }])
  expect(host.of('tool.ended').map((event) => event.status)).toEqual(['ok', 'ok'])
  expect(existsSync(join(cwd, 'alpha'))).toBe(true)
  expect(host.of('native.raw')).toEqual([])
})

test('background sub-agents ask at the same time, also after the turn, and each gets its own answer', async () => {
  const { host, turn, cwd } = await claudeStage(boss([{ name: 'alpha' }, { name: 'beta' }]))
  await turn('Start them')
  const alpha = await host.approval(({ ask }) => ask.title === 'touch alpha')
  const beta = await host.approval(({ ask }) => ask.title === 'touch beta')
  expect(alpha.ask.agentId).toBeDefined()
  expect(alpha.ask.agentId).not.toBe(beta.ask.agentId)
  await host.event('session.state', (event) => event.state === 'requires_action')
  expect(host.of('tool.ended').filter((event) => event.parentId !== undefined)).toEqual([])

  beta.deny('Not you.')
  await host.event('task.ended')
  expect(host.of('session.state').at(-1)?.state).toBe('requires_action')
  alpha.allow()
  await host.event('session.state', (event) => event.state === 'idle')

  expect([existsSync(join(cwd, 'alpha')), existsSync(join(cwd, 'beta'))]).toEqual([true, false])
  const byTitle = (title: string) => host.of('tool.started').find((event) => event.title === title)?.toolCallId
  const ends = new Map(host.of('tool.ended').map((event) => [event.toolCallId, event.status]))
  expect([ends.get(byTitle('touch alpha') ?? expect.fail()), ends.get(byTitle('touch beta') ?? expect.fail())]).toEqual(['ok', 'declined'])
  expect(host.of('task.ended')).toHaveLength(2)
  expect(host.of('tool.started')).toHaveLength(host.of('tool.ended').length)
  expect(host.of('turn.started').map((event) => event.origin)).toEqual([
    'user',
    ...host
      .of('turn.started')
      .slice(1)
      .map(() => 'background'),
  ])
  expect(host.of('turn.started')).toHaveLength(host.of('turn.ended').length)
  expect(
    host
      .of('tool.output')
      .map((event) => event.text)
      .join(),
  ).not.toContain('internal metadata')
})

test('stopping while sub-agents wait for decisions withdraws these and ends everything', async () => {
  const { host, agent, send, turnOf } = await claudeStage(boss([{ name: 'alpha', background: false }]))
  const first = await send('Start them')
  const approval = await host.approval()
  await agent.interrupt()

  expect(approval.signal.aborted).toBe(true)
  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped' })
  expect(host.of('tool.started')).toHaveLength(host.of('tool.ended').length)
  expect(host.of('task.ended')).toMatchObject([{ status: 'stopped' }])
})
