import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MessageId } from '#protocol/ids'
import { AgentUnavailableError } from '../../src/server/providers/provider-errors.ts'
import { claudeStage, isAlive } from '../support/claude-stage.ts'
import { pidFrom } from '../support/pid-from.ts'

const forever = new Promise<never>(() => {})

test('the process is reported before any prompt and gone after closing', async () => {
  const { host, agent, turn } = await claudeStage(() => [{ text: 'Yes.' }])
  const pid = host.processes[0]?.pid ?? 0
  expect(host.processes[0]?.command).toContain('claude')
  expect(isAlive(pid)).toBe(true)
  await turn('Hello')
  await agent.close('idle')

  expect(isAlive(pid)).toBe(false)
  expect(host.exitedPids).toEqual([pid])
  expect(host.of('session.exited')).toMatchObject([{ expected: true }])
  expect(host.of('session.state').at(-1)?.state).toBe('exited')
  await agent.close('shutdown')
  expect(host.of('session.exited')).toHaveLength(1)
})

test('closing in the middle of a command ends the command and everything that is open', async () => {
  const { host, agent, send, turnOf, cwd } = await claudeStage(() => [{ tool: 'Bash', input: { command: 'echo $$ > pid; sleep 60' } }])
  host.decideBy = (approval) => approval.allow()
  const first = await send('Run')
  const pid = await pidFrom(join(cwd, 'pid'))
  await agent.close('shutdown')

  expect(isAlive(pid)).toBe(false)
  expect((await turnOf(first)).outcome).toBe('stopped')
  expect(host.of('tool.ended')).toHaveLength(1)
  expect(host.of('session.state').at(-1)?.state).toBe('interrupted')
})

test('an agent that is killed tells what ended with it, and goes on in a new process', async () => {
  const { host, agent, send, turnOf, reopen } = await claudeStage((request) =>
    request.wholeText.includes('Again') ? [{ text: 'Here I am.' }] : [{ text: 'Whole.' }, { openText: 'Half' }, { wait: forever }],
  )
  const first = await send('Go')
  await host.event('block.delta', (event) => event.text === 'Half')
  process.kill(host.processes[0]?.pid ?? 0, 'SIGKILL')
  const exited = await host.event('session.exited')

  expect(exited).toMatchObject({ signal: 'SIGKILL', expected: false })
  const ended = await turnOf(first)
  expect(ended).toMatchObject({ outcome: 'failed', error: { code: 'exited' } })
  expect(ended.error?.message).toContain('SIGKILL')
  expect(host.of('block.discarded')).toHaveLength(1)
  expect(host.of('session.state').at(-1)?.state).toBe('interrupted')
  expect(host.exitedPids).toEqual([host.processes[0]?.pid])
  await expect(agent.prompt({ messageId: MessageId.parse(randomUUID()), text: 'x', attachments: [] })).rejects.toThrow(
    AgentUnavailableError,
  )
  await agent.interrupt()
  await agent.close('idle')

  const nativeId = host.of('session.updated')[0]?.nativeId ?? ''
  const again = await reopen({ resume: nativeId })
  await again.agent.prompt({ messageId: MessageId.parse(randomUUID()), text: 'Again', attachments: [] })
  expect(await again.host.event('turn.ended')).toMatchObject({ outcome: 'completed' })
})

test('a killed agent leaves no command behind, and withdraws what it asked', async () => {
  const { host, send, cwd } = await claudeStage(() => [
    { tool: 'Bash', input: { command: 'echo $$ > pid; sleep 60' } },
    { tool: 'Bash', input: { command: 'touch second' } },
  ])
  host.decideBy = (approval) => {
    if (approval.ask.title.includes('pid')) approval.allow()
  }
  await send('Run')
  const pid = await pidFrom(join(cwd, 'pid'))
  process.kill(host.processes[0]?.pid ?? 0, 'SIGKILL')
  await host.event('session.exited')

  await expect.poll(() => isAlive(pid), { timeout: 1000, interval: 10 }).toBe(false)
  expect(host.of('tool.started').length).toBe(host.of('tool.ended').length)
  expect(host.of('tool.ended').map((event) => event.status)).toEqual(['unknown', 'unknown'])
  expect(host.approvals.filter((approval) => approval.ask.title.includes('second')).every((approval) => approval.signal.aborted)).toBe(true)
})

test('a prompt that a dead agent never took is told as cancelled', async () => {
  const { host, send } = await claudeStage(() => [{ openText: 'Half' }, { wait: forever }])
  await send('First')
  await host.event('block.delta')
  const second = await send('Second')
  process.kill(host.processes[0]?.pid ?? 0, 'SIGKILL')
  await host.event('session.exited')
  expect(host.of('user.message').at(-1)).toMatchObject({ messageId: second, delivery: 'cancelled' })
})

test('the agent’s process sees only what it is given', async () => {
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'env | cut -d= -f1 | sort; touch x' } }] : [{ text: 'Ok.' }],
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Show')
  const names = host.of('tool.output')[0]?.text.split('\n') ?? []
  expect(names).toContain('PATH')
  expect(names.filter((name) => name.startsWith('VITEST') || name.startsWith('npm_'))).toEqual([])
})

test('the next message is not read before the log has taken the last one', async () => {
  const many = Array.from({ length: 500 }, (_, index) => `${String(index)} `)
  const { host, send, turnOf } = await claudeStage(() => [{ text: many }])
  const free = Promise.withResolvers<undefined>()
  host.drained = () => (host.of('block.delta').length >= 10 ? free.promise : Promise.resolve())
  const prompt = await send('Count')
  await host.event('block.delta', (event) => event.text === '9 ')
  // Time enough for the rest to come if it did not wait.
  await expect.poll(() => host.of('block.delta').length, { timeout: 300, interval: 100 }).toBe(10)
  free.resolve(undefined)
  await turnOf(prompt)
  expect(host.of('block.completed').map((event) => event.text)).toEqual([many.join('')])
})
