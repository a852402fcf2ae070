import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MessageId } from '#protocol/ids'
import { claudeStage } from '../support/claude-stage.ts'

test('text and thinking stream as blocks, once each, and the completed text wins', async () => {
  const { host, turn, model } = await claudeStage(() => [{ thinking: ['Let me ', 'see.'] }, { text: ['Hello ', 'there', '.'] }])

  const ended = await turn('Say hello')

  expect(ended).toMatchObject({ outcome: 'completed', usage: { input: 10, cachedInput: 5, output: 7 } })
  expect(ended.costUsd).toBeGreaterThan(0)
  const blocks = host.of('block.completed')
  expect(blocks.map(({ blockKind, text }) => [blockKind, text])).toEqual([
    ['reasoning', 'Let me see.'],
    ['text', 'Hello there.'],
  ])
  for (const { blockId, text } of blocks) {
    const deltas = host.of('block.delta').filter((delta) => delta.blockId === blockId)
    expect(deltas.length).toBeGreaterThan(1)
    expect(deltas.map((delta) => delta.text).join('')).toBe(text)
    expect(host.of('block.started').filter((started) => started.blockId === blockId)).toHaveLength(1)
  }
  expect(model.requests[0]?.thinking).toMatchObject({ display: 'summarized' })
  expect(host.of('native.raw')).toEqual([])
})

test('the model is told to be Claude Code', async () => {
  const { turn, model } = await claudeStage(() => [{ text: 'Yes.' }])
  await turn('Who are you?')
  expect(model.requests[0]?.system).toContain('Claude Code')
  expect(model.requests[0]?.system.length).toBeGreaterThan(3000)
})

test('a session is opened once and only what changes is told again', async () => {
  const { host, turn } = await claudeStage(() => [{ text: 'Yes.' }])
  await turn('One')
  await host.event('session.state', (event) => event.state === 'idle')
  const before = host.events.length
  await turn('Two')
  await host.event('session.state', (event) => event.state === 'idle', before)

  expect(host.of('session.opened')).toHaveLength(1)
  expect(host.of('session.opened')[0]).toMatchObject({ provider: 'claude', mode: 'default', model: null, version: '2.1.330' })
  expect(host.of('session.opened')[0]?.models.map((model) => model.id)).toContain('sonnet')
  expect(host.of('session.updated')).toHaveLength(1)
  expect(host.of('session.updated')[0]?.nativeId).toMatch(/^[0-9a-f-]{36}$/)
  expect(host.of('session.updated')[0]?.tools).toContain('Bash')
  expect(host.processes).toHaveLength(1)
  expect(host.of('session.state').map((event) => event.state)).toEqual(['running', 'idle', 'running', 'idle'])
})

test('a prompt sent while a tool runs is folded into the turn', async () => {
  const { host, send, turnOf } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'sleep 0.4 && touch ran' } }] : [{ text: 'Both done.' }],
  )
  const first = await send('First')
  const approval = await host.approval()
  const second = await send('Second')
  approval.allow()

  const ended = await turnOf(first)

  expect(ended.messageIds).toEqual([first, second])
  expect(host.of('turn.started')).toHaveLength(1)
  expect(host.of('user.message').map(({ messageId, delivery, turnId }) => [messageId, delivery, turnId])).toEqual([
    [first, 'started', ended.turnId],
    [second, 'folded', ended.turnId],
  ])
  expect(host.of('user.message')[1]?.content).toEqual([{ type: 'text', text: 'Second' }])
})

test('prompts that wait behind a turn start together in the next one', async () => {
  const release = Promise.withResolvers<undefined>()
  const { host, agent, send, turnOf, model } = await claudeStage((request) =>
    request.wholeText.includes('Second') ? [{ text: 'Later.' }] : [{ text: 'Now.' }, { wait: release.promise }],
  )
  const first = await send('First')
  await host.event('block.completed')
  const second = await send('Second')
  const third = await send('Third')
  // Its answer says that the agent has read everything before it.
  await agent.setModel(null)
  release.resolve(undefined)

  expect((await turnOf(first)).messageIds).toEqual([first])
  expect((await turnOf(third)).messageIds).toEqual([second, third])
  expect(host.of('turn.started').map((event) => event.origin)).toEqual(['user', 'user'])
  expect(host.of('user.message').map((event) => event.delivery)).toEqual(['started', 'started', 'started'])
  expect(model.requests.filter((request) => request.toolNames.length > 0)).toHaveLength(2)
})

test('a command in the background reports in a turn of its own', async () => {
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0
      ? [{ tool: 'Bash', input: { command: 'sleep 0.3; touch later', run_in_background: true } }]
      : [{ text: 'Noted.' }],
  )
  host.decideBy = (approval) => approval.allow()

  const first = await turn('Start it')
  const second = await host.event('turn.ended', (event) => event.messageIds.length === 0)

  expect(second.turnId).not.toBe(first.turnId)
  expect(second.outcome).toBe('completed')
  expect(host.of('turn.started').map((event) => event.origin)).toEqual(['user', 'background'])
  expect(host.of('task.started')[0]).toMatchObject({ taskKind: 'shell', background: true, status: 'running' })
  expect(host.of('task.ended')).toHaveLength(1)
  expect(host.of('task.ended')[0]).toMatchObject({ status: 'completed' })
})

test('the agent’s own commands give turns without an answer of the model', async () => {
  const { host, turn, model } = await claudeStage(() => [{ text: 'Yes.' }])
  await turn('Hello')
  const before = host.of('session.updated')[0]?.nativeId
  const context = await turn('/context')
  await turn('/compact')
  await turn('/clear')

  expect(context).toMatchObject({ outcome: 'completed' })
  expect(host.of('turn.started').map((event) => event.origin)).toEqual(['user', 'command', 'command', 'command'])
  expect(host.of('block.completed').find((block) => block.turnId === context.turnId)?.text).toContain('Context Usage')
  expect(host.of('compaction')[0]).toMatchObject({ trigger: 'manual' })
  expect(host.of('session.state').map((event) => event.state)).toContain('compacting')
  const rekeyed = host.of('session.rekeyed')[0]
  expect(rekeyed).toMatchObject({ oldNativeId: before, reason: 'clear' })
  await turn('After')
  expect(model.requests.at(-1)?.wholeText).not.toContain('Hello')
  expect(
    host
      .of('session.updated')
      .filter((event) => event.nativeId !== undefined)
      .at(-1)?.nativeId,
  ).toBe(rekeyed?.newNativeId)
})

test('usage is told as the session’s totals, with how full the model’s window is', async () => {
  const { host, turn } = await claudeStage(() => [{ text: 'Yes.' }])
  await turn('One')
  await turn('Two')
  expect(host.of('usage.updated').at(-1)).toMatchObject({
    cumulative: true,
    tokens: { input: 20, cachedInput: 10, output: 14 },
    contextUsed: 23,
    contextWindow: 1_000_000,
  })
})

test('pictures reach the model and stay out of the log', async () => {
  const { host, agent, turnOf, model } = await claudeStage(() => [{ text: 'A dot.' }])
  const messageId = MessageId.parse(randomUUID())
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  await agent.prompt({ messageId, text: 'What is it?', attachments: [{ kind: 'image', mediaType: 'image/png', data, name: 'dot.png' }] })
  await turnOf(messageId)

  expect(model.requests[0]?.imageTypes).toEqual(['image/png'])
  expect(host.of('user.message')[0]?.content).toEqual([
    { type: 'text', text: 'What is it?' },
    { type: 'image', mediaType: 'image/png', name: 'dot.png' },
  ])
  expect(JSON.stringify(host.events)).not.toContain(data)
})

test('model and mode change in the middle of a session', async () => {
  const { host, agent, turn, model } = await claudeStage(() => [{ text: 'Yes.' }])
  await agent.setModel('haiku')
  await turn('One')
  await agent.setModel(null)
  await agent.setMode('plan')
  await turn('Two')
  await agent.setMode('acceptEdits')
  await turn('Three')

  const models = model.requests.filter((request) => request.toolNames.length > 0).map((request) => request.model)
  expect(models[0]).toContain('haiku')
  expect(models[1]).not.toContain('haiku')
  expect(model.requests.find((request) => request.userText.includes('Two'))?.wholeText).toContain('Plan mode')
  const updates = host.of('session.updated')
  expect(updates.flatMap((event) => (event.model === undefined ? [] : [event.model]))).toEqual(['haiku', null])
  expect(updates.flatMap((event) => (event.mode === undefined ? [] : [event.mode]))).toEqual(['plan', 'acceptEdits'])
  expect(host.of('notice')).toEqual([])
})

test('a stopped session goes on where it was in a new process', async () => {
  const { host, agent, turn, model, reopen, cwd } = await claudeStage(() => [{ text: 'I remember.' }])
  await writeFile(join(cwd, 'note.txt'), 'x')
  await turn('The word is banana')
  const nativeId = host.of('session.updated')[0]?.nativeId ?? ''
  await agent.close('idle')
  expect(host.of('session.exited')[0]).toMatchObject({ expected: true })

  const again = await reopen({ resume: nativeId })
  await again.agent.prompt({ messageId: MessageId.parse(randomUUID()), text: 'Which word?', attachments: [] })
  await again.host.event('turn.ended')

  expect(model.requests.at(-1)?.wholeText).toContain('banana')
  expect(again.host.of('session.opened')[0]?.nativeId).toBe(nativeId)
  expect(again.host.of('notice')).toEqual([])
})

test('an earlier conversation that is unknown starts anew and says so', async () => {
  const { reopen } = await claudeStage(() => [{ text: 'Hello.' }])
  const again = await reopen({ resume: randomUUID() })
  await again.agent.prompt({ messageId: MessageId.parse(randomUUID()), text: 'Hello', attachments: [] })
  const ended = await again.host.event('turn.ended')

  expect(ended.outcome).toBe('completed')
  expect(again.host.of('session.opened')).toHaveLength(1)
  expect(again.host.of('notice')[0]?.text).toContain('does not have the earlier conversation')
  expect(again.host.processes).toHaveLength(2)
  expect(again.host.exitedPids).toEqual([again.host.processes[0]?.pid])
})
