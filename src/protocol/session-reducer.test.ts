import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SequencedEvent } from '#protocol/session-events'
import { applyEvent, initialSessionView, itemsOf, openApprovals, openToolCalls, type SessionView } from './session-reducer.ts'
import type { SessionItem } from './session-view/items.ts'

const START = Date.parse('2026-11-01T10:00:00.000Z')

/** Numbers facts as the log does, a second apart. */
function sequence(facts: object[], firstSeq = 1): SequencedEvent[] {
  return facts.map((fact, index) =>
    SequencedEvent.parse({
      sessionId: 's1',
      seq: firstSeq + index,
      at: new Date(START + (firstSeq + index) * 1000).toISOString(),
      event: { v: 1, ...fact },
    }),
  )
}

function replay(events: SequencedEvent[], from: SessionView = initialSessionView()): SessionView {
  return events.reduce(applyEvent, from)
}

function viewOf(...facts: object[]): SessionView {
  return replay(sequence(facts))
}

function itemOf(view: SessionView, kind: SessionItem['kind']): SessionItem | undefined {
  return itemsOf(view).find((item) => item.kind === kind)
}

const prompt = (messageId: string, delivery: string) => ({
  kind: 'user.message',
  messageId,
  content: [{ type: 'text', text: `prompt ${messageId}` }],
  delivery,
  origin: 'user',
})
const toolStarted = (toolCallId: string, more: object = {}) => ({
  kind: 'tool.started',
  toolCallId,
  name: 'Bash',
  toolKind: 'execute',
  title: 'npm test',
  locations: [],
  ...more,
})
const toolEnded = (toolCallId: string, status = 'ok') => ({ kind: 'tool.ended', toolCallId, status })
const asked = (approvalId: string, toolCallId?: string) => ({
  kind: 'approval.requested',
  approvalId,
  ...(toolCallId === undefined ? {} : { toolCallId }),
  approvalKind: 'command',
  title: 'npm test',
  toolName: 'Bash',
  input: { command: 'npm test' },
  inputHash: 'ab',
  expiresAt: null,
})
const resolved = (approvalId: string, outcome = 'allowed') => ({
  kind: 'approval.resolved',
  approvalId,
  outcome,
  by: { kind: 'user', name: 'ada' },
})

test('deltas form a text, and the completed text wins over them', () => {
  const started = viewOf({ kind: 'block.started', blockId: 'b', blockKind: 'text' }, { kind: 'block.delta', blockId: 'b', text: 'Hel' })
  expect(itemOf(started, 'text')).toMatchObject({ text: 'Hel', isComplete: false })

  const completed = replay(
    sequence(
      [
        { kind: 'block.completed', blockId: 'b', blockKind: 'text', text: 'Hello.' },
        { kind: 'block.delta', blockId: 'b', text: 'late' },
      ],
      3,
    ),
    started,
  )
  expect(itemOf(completed, 'text')).toMatchObject({ text: 'Hello.', isComplete: true, durationMs: 2000 })
})

test('a discarded block shows nothing until it is started again', () => {
  const discarded = viewOf(
    { kind: 'block.started', blockId: 'b', blockKind: 'text' },
    { kind: 'block.delta', blockId: 'b', text: 'half' },
    { kind: 'block.discarded', blockId: 'b', reason: 'retry' },
    { kind: 'block.delta', blockId: 'b', text: 'stray' },
  )
  expect(itemOf(discarded, 'text')).toMatchObject({ text: '', isDiscarded: true })

  const again = replay(sequence([{ kind: 'block.started', blockId: 'b', blockKind: 'text' }], 5), discarded)
  expect(itemOf(again, 'text')).toMatchObject({ text: '', isDiscarded: false })
})

test('a tool call gathers its input, output, diff and end', () => {
  const forming = viewOf(toolStarted('t'), { kind: 'tool.input', toolCallId: 't', delta: '{"comm' })
  expect(itemOf(forming, 'tool')).toMatchObject({ inputText: '{"comm', status: 'running' })

  const ended = replay(
    sequence(
      [
        { kind: 'tool.input', toolCallId: 't', input: { command: 'npm test' }, title: 'npm test' },
        { kind: 'tool.output', toolCallId: 't', mode: 'append', text: 'a', truncated: false },
        { kind: 'tool.output', toolCallId: 't', mode: 'append', text: 'b', truncated: false },
        { kind: 'tool.diff', toolCallId: 't', path: 'x.ts', change: 'add', newText: 'x' },
        { ...toolEnded('t', 'error'), exitCode: 1 },
        toolEnded('t', 'ok'),
      ],
      3,
    ),
    forming,
  )
  expect(itemOf(ended, 'tool')).toMatchObject({
    input: { command: 'npm test' },
    inputText: '',
    output: 'ab',
    diffs: [{ path: 'x.ts', change: 'add', newText: 'x' }],
    status: 'error',
    exitCode: 1,
    durationMs: 6000,
  })
  expect(openToolCalls(ended)).toEqual([])
})

test('events of a tool call that never started are shown and leave nothing open', () => {
  const view = viewOf({ kind: 'tool.output', toolCallId: 't', mode: 'replace', text: 'x', truncated: true })
  expect(itemOf(view, 'tool')).toMatchObject({ output: 'x', isOutputTruncated: true, status: 'unknown' })
  expect(openToolCalls(view)).toEqual([])

  const late = replay(sequence([toolStarted('t')], 2), view)
  expect(openToolCalls(late)).toMatchObject([{ toolCallId: 't', output: 'x', status: 'running' }])
})

test('what a sub-agent does hangs below its tool call, and stays in the main conversation when that call is unknown', () => {
  const view = viewOf(
    toolStarted('agent', { toolKind: 'subagent' }),
    { ...toolStarted('child'), parentId: 'agent' },
    { kind: 'block.completed', blockId: 'b', blockKind: 'text', text: 'hi', parentId: 'nobody' },
  )
  expect(itemsOf(view)).toMatchObject([{ childIds: ['tool:child'] }, { parentId: 'tool:agent' }, { parentId: null }])
})

test('after a crash the log still tells the running turn, the open calls and the open approvals', () => {
  const view = viewOf(
    { kind: 'turn.started', turnId: 'turn1', origin: 'user' },
    toolStarted('done'),
    toolEnded('done'),
    toolStarted('open'),
    asked('r1', 'open'),
    asked('r2'),
    resolved('r2', 'denied'),
  )
  expect(view.turn).toMatchObject({ turnId: 'turn1' })
  expect(openToolCalls(view).map((tool) => tool.toolCallId)).toEqual(['open'])
  expect(openApprovals(view).map((approval) => approval.approvalId)).toEqual(['r1'])
  expect(itemOf(view, 'approval')).toMatchObject({ approval: { outcome: 'denied', by: { name: 'ada' } } })
})

test('a decision marks its tool call, with the input that ran', () => {
  const view = viewOf(toolStarted('t', { input: { command: 'a' } }), asked('r', 't'), { ...resolved('r'), updatedInput: { command: 'b' } })
  expect(itemOf(view, 'tool')).toMatchObject({ input: { command: 'b' }, approval: { outcome: 'allowed', isEdited: true } })
  expect(openApprovals(view)).toEqual([])
})

test('a queued prompt takes its place in the conversation when the agent takes it', () => {
  const queued = viewOf(prompt('m1', 'queued'), { kind: 'block.started', blockId: 'b', blockKind: 'text' })
  expect(queued.queued).toMatchObject([{ messageId: 'm1' }])
  expect(itemsOf(queued)).toHaveLength(1)

  const taken = replay(sequence([prompt('m1', 'folded'), prompt('m1', 'folded')], 3), queued)
  expect(taken.queued).toEqual([])
  expect(itemsOf(taken).map((item) => item.id)).toEqual(['block:b', 'prompt:m1'])
})

test('a turn ends with its outcome and adds to the totals, unless the agent tells totals itself', () => {
  const usage = { input: 10, cachedInput: 5, output: 2 }
  const turn = [
    { kind: 'turn.started', turnId: 'a', origin: 'user' },
    { kind: 'turn.diff', unified: '@@' },
    { kind: 'turn.ended', turnId: 'a', outcome: 'completed', messageIds: [], usage, costUsd: 0.5 },
  ]
  const twice = viewOf(...turn, ...turn)
  expect(twice.turn).toBeNull()
  expect(twice.usage).toMatchObject({ inputTokens: 20, outputTokens: 4, costUsd: 1 })
  expect(itemOf(twice, 'turn')).toMatchObject({ outcome: 'completed', diff: '@@', durationMs: 2000 })

  const told = viewOf({ kind: 'usage.updated', tokens: usage, costUsd: 3, contextUsed: 7, cumulative: true }, ...turn)
  expect(told.usage).toMatchObject({ inputTokens: 10, costUsd: 3, contextUsed: 7 })
})

test('the attempts of one retry are one notice', () => {
  const retry = (attempt: number) => ({
    kind: 'notice',
    level: 'warning',
    code: 'retry',
    text: `Attempt ${String(attempt)}`,
    retry: { attempt, max: 10, delayMs: 500 },
  })
  expect(itemsOf(viewOf(retry(1), retry(2), retry(3)))).toMatchObject([{ text: 'Attempt 3', retry: { attempt: 3 } }])
})

test('the plan of a turn is one item and the latest is the plan of the session', () => {
  const plan = (status: string, turnId: string) => ({ kind: 'plan.updated', turnId, entries: [{ text: 'Read', status }] })
  const view = viewOf(plan('pending', 'a'), plan('completed', 'a'), plan('pending', 'b'))
  expect(itemsOf(view)).toMatchObject([{ entries: [{ status: 'completed' }] }, { entries: [{ status: 'pending' }] }])
  expect(view.plan).toBe(itemsOf(view)[1])
})

test('an unexpected end of the process is told until it runs again', () => {
  const exited = viewOf(
    { kind: 'session.exited', code: 1, signal: null, stderrTail: 'boom', expected: false },
    { kind: 'session.state', state: 'interrupted' },
  )
  expect(exited).toMatchObject({ state: 'interrupted', exit: { code: 1, isExpected: false } })
  expect(itemOf(exited, 'exit')).toMatchObject({ stderrTail: 'boom' })
  expect(replay(sequence([{ kind: 'session.state', state: 'running' }], 3), exited).exit).toBeNull()
})

const ids = fc.constantFrom('a', 'b', 'c')
const fact = fc.oneof(
  ids.map((blockId) => ({ kind: 'block.started', blockId, blockKind: 'text' })),
  fc.record({ kind: fc.constant('block.delta'), blockId: ids, text: fc.string({ maxLength: 3 }) }),
  ids.map((blockId) => ({ kind: 'block.completed', blockId, blockKind: 'reasoning', text: 'x' })),
  ids.map((blockId) => ({ kind: 'block.discarded', blockId, reason: 'retry' })),
  fc.record({ id: ids, parentId: fc.option(ids, { nil: undefined }) }).map(({ id, parentId }) => toolStarted(id, parentId && { parentId })),
  ids.map((toolCallId) => ({ kind: 'tool.output', toolCallId, mode: 'append', text: 'o', truncated: false })),
  ids.map((id) => toolEnded(id)),
  ids.map((id) => asked(id, id)),
  ids.map((id) => asked(`free-${id}`)),
  ids.map((id) => resolved(id)),
  fc.record({ id: ids, delivery: fc.constantFrom('queued', 'started', 'cancelled') }).map(({ id, delivery }) => prompt(id, delivery)),
  ids.map((turnId) => ({ kind: 'turn.started', turnId, origin: 'user' })),
  ids.map((turnId) => ({ kind: 'turn.ended', turnId, outcome: 'stopped', messageIds: [] })),
  ids.map((turnId) => ({ kind: 'plan.updated', turnId, entries: [] })),
)
const log = fc.array(fact, { maxLength: 60 }).map((facts) => sequence(facts))

test('property: replaying in any batches, with repetitions, gives the same view', () => {
  fc.assert(
    fc.property(log, fc.nat(), (events, split) => {
      const at = events.length === 0 ? 0 : split % events.length
      const whole = replay(events)
      const half = replay(events.slice(0, at))
      // Another future of the same past must not leak into this one.
      replay(sequence([toolStarted('other'), prompt('other', 'started')], at + 1), half)
      const frozen = structuredClone(itemsOf(half))
      const resumed = replay(events, half)
      expect({ ...resumed, structure: null, positions: null }).toEqual({ ...whole, structure: null, positions: null })
      expect(itemsOf(half)).toEqual(frozen)
    }),
  )
})

test('property: an event changes at most the items it speaks of, and an unlisted change keeps the structure', () => {
  fc.assert(
    fc.property(log, (events) => {
      let view = initialSessionView()
      for (const event of events) {
        const next = applyEvent(view, event)
        const before = itemsOf(view)
        const changed = itemsOf(next).filter((item, index) => item !== before[index])
        // The item itself and, for a new one, the sub-agent above it.
        expect(changed.length).toBeLessThanOrEqual(2)
        if (itemsOf(next).length !== before.length) expect(next.structure).not.toBe(view.structure)
        view = next
      }
    }),
  )
})

test('10,000 events of a long session are applied in well under a second', () => {
  const facts: object[] = []
  while (facts.length < 10_000) {
    const id = `x${String(facts.length)}`
    facts.push(prompt(id, 'started'), { kind: 'block.started', blockId: id, blockKind: 'text' })
    for (let delta = 0; delta < 5; delta++) facts.push({ kind: 'block.delta', blockId: id, text: 'some words ' })
    facts.push(toolStarted(id), { kind: 'tool.input', toolCallId: id, input: {} }, toolEnded(id))
  }
  const events = sequence(facts)
  const startedAt = performance.now()
  const view = replay(events)
  const elapsed = performance.now() - startedAt
  expect(itemsOf(view)).toHaveLength(3000)
  // About 20 ms on an idle machine; the bound catches what grows with the session's length.
  expect(elapsed).toBeLessThan(500)
})
