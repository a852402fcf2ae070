import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claudeStage, isAlive } from '../support/claude-stage.ts'
import { pidFrom } from '../support/pid-from.ts'
import type { ModelRequest, ModelStep } from '../support/scripted-anthropic.ts'

const forever = new Promise<never>(() => {})

/** A command that writes down its own process and then runs for long. */
const LONG_COMMAND = 'echo $$ > pid; sleep 60; touch never'

function longCommand(request: ModelRequest): ModelStep[] {
  return request.toolResultCount === 0 && !request.wholeText.includes('Second')
    ? [{ tool: 'Bash', input: { command: LONG_COMMAND } }]
    : [{ text: 'Next.' }]
}

test('stopping in the middle of a text ends the turn as stopped and leaves the session usable', async () => {
  const { host, agent, send, turnOf, turn, model } = await claudeStage((request) =>
    request.wholeText.includes('Second') ? [{ text: 'Fine.' }] : [{ text: 'Whole.' }, { openText: 'Half of' }, { wait: forever }],
  )
  const first = await send('First')
  const request = await model.nextRequest()
  await host.event('block.delta', (event) => event.text === 'Half of')
  const startedAt = performance.now()
  await agent.interrupt()

  expect(performance.now() - startedAt).toBeLessThan(1000)
  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped' })
  expect((await turnOf(first)).error).toBeUndefined()
  await request.aborted
  const open = host.of('block.started').map((event) => event.blockId)
  const closed = [...host.of('block.completed'), ...host.of('block.discarded')].map((event) => event.blockId)
  expect(closed.sort()).toEqual(open.sort())
  expect(await turn('Second')).toMatchObject({ outcome: 'completed' })
  expect(host.of('session.exited')).toEqual([])
})

test('stopping kills the running command within a second and cancels its call', async () => {
  const { host, agent, send, turnOf, cwd, turn } = await claudeStage(longCommand)
  host.decideBy = (approval) => approval.allow()
  const first = await send('First')
  const pid = await pidFrom(join(cwd, 'pid'))
  expect(isAlive(pid)).toBe(true)
  const startedAt = performance.now()
  await agent.interrupt()

  await expect.poll(() => isAlive(pid), { timeout: 1000, interval: 10 }).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1000)
  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped' })
  expect(host.of('tool.ended')).toMatchObject([{ status: 'cancelled' }])
  expect(await turn('Second')).toMatchObject({ outcome: 'completed' })
})

test('stopping withdraws what waits for a decision', async () => {
  const { host, agent, send, turnOf } = await claudeStage(longCommand)
  const first = await send('First')
  const approval = await host.approval()
  await agent.interrupt()

  expect(approval.signal.aborted).toBe(true)
  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped' })
  expect(host.of('tool.ended')).toMatchObject([{ status: 'cancelled' }])
  await host.event('session.state', (event) => event.state === 'idle')
})

test('a prompt that waits behind the stopped turn runs next', async () => {
  const { host, agent, send, turnOf } = await claudeStage((request) =>
    request.wholeText.includes('Second') ? [{ text: 'Second answer.' }] : [{ openText: 'First' }, { wait: forever }],
  )
  const first = await send('First')
  await host.event('block.delta')
  const second = await send('Second')
  await agent.interrupt()

  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped', messageIds: [first] })
  expect(await turnOf(second)).toMatchObject({ outcome: 'completed', messageIds: [second] })
  expect(host.of('user.message').map(({ messageId, delivery }) => [messageId, delivery])).toEqual([
    [first, 'started'],
    [second, 'started'],
  ])
})

test('stopping while the tool call is still being written ends the call as cancelled', async () => {
  const { host, agent, send, turnOf } = await claudeStage(() => [{ openTool: 'Bash', partial: '{"command":"tou' }, { wait: forever }])
  const first = await send('First')
  await host.event('tool.input')
  await agent.interrupt()

  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped' })
  expect(host.of('tool.ended')).toMatchObject([{ status: 'cancelled' }])
})

test('stopping when nothing runs does nothing', async () => {
  const { host, agent, turn } = await claudeStage(() => [{ text: 'Yes.' }])
  await agent.interrupt()
  expect(await turn('First')).toMatchObject({ outcome: 'completed' })
  await agent.interrupt()
  expect(await turn('Second')).toMatchObject({ outcome: 'completed' })
  expect(host.of('session.exited')).toEqual([])
})

test('stopping when no turn runs ends what works in the background', async () => {
  const { host, agent, turn, cwd } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: LONG_COMMAND, run_in_background: true } }] : [{ text: 'Started.' }],
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Start')
  const pid = await pidFrom(join(cwd, 'pid'))
  await agent.interrupt()
  await expect.poll(() => isAlive(pid), { timeout: 1000, interval: 10 }).toBe(false)
  expect((await host.event('task.ended')).status).toBe('stopped')
})

test('stopping a turn ends the commands that it put into the background, and no earlier ones', async () => {
  const { host, agent, turn, send, cwd } = await claudeStage((request) => {
    const started = request.toolResults.length > 0
    if (request.userText.includes('First'))
      return [{ tool: 'Bash', input: { command: 'echo $$ > first; sleep 60', run_in_background: true } }]
    if (request.userText.includes('Second'))
      return [{ tool: 'Bash', input: { command: 'echo $$ > second; sleep 60', run_in_background: true } }]
    return started && request.wholeText.includes('Second') ? [{ openText: 'Working' }, { wait: forever }] : [{ text: 'Started.' }]
  })
  host.decideBy = (approval) => approval.allow()
  await turn('First')
  const first = await pidFrom(join(cwd, 'first'))
  const second = await send('Second')
  await host.event('block.delta', (event) => event.text === 'Working')
  const pid = await pidFrom(join(cwd, 'second'))
  await agent.interrupt()

  expect(await host.event('turn.ended', (event) => event.messageIds.includes(second))).toMatchObject({ outcome: 'stopped' })
  await expect.poll(() => isAlive(pid), { timeout: 1000, interval: 10 }).toBe(false)
  expect(isAlive(first)).toBe(true)
})

test('a prompt that is stopped before it began ends as stopped', async () => {
  const { host, agent, send, turn } = await claudeStage((request) =>
    request.wholeText.includes('Second') ? [{ text: 'Fine.' }] : [{ openText: 'First' }, { wait: forever }],
  )
  const first = await send('First')
  await agent.interrupt()
  expect(await host.event('turn.ended', (event) => event.messageIds.includes(first))).toMatchObject({ outcome: 'stopped' })
  expect(await turn('Second')).toMatchObject({ outcome: 'completed' })
})

test('an agent that does not react to being stopped is ended, and the turn is told as stopped', async () => {
  const { host, agent, send, turnOf } = await claudeStage(() => [{ openText: 'First' }, { wait: forever }])
  const first = await send('First')
  await host.event('block.delta')
  const pid = host.processes[0]?.pid ?? 0
  process.kill(-pid, 'SIGSTOP')
  await agent.interrupt()

  expect(isAlive(pid)).toBe(false)
  expect(await turnOf(first)).toMatchObject({ outcome: 'stopped' })
  expect(host.of('session.exited')).toHaveLength(1)
})
