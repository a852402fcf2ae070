import { expect, test } from 'vitest'
import type { SessionEvent } from '#protocol/session-events'
import { projectSummary, type SessionSummary } from './session-projection.ts'

const START: SessionSummary = { state: 'starting', mode: 'default', modeUntil: null, title: 'First words', nativeId: null, usage: null }

const after = (...events: SessionEvent[]) => events.reduce(projectSummary, START)

test('state, mode, title and the native id follow the events', () => {
  const summary = after(
    { v: 1, kind: 'session.state', state: 'running' },
    { v: 1, kind: 'session.updated', nativeId: 'n1', mode: 'plan' },
    { v: 1, kind: 'session.updated', title: 'Better words' },
    { v: 1, kind: 'session.rekeyed', oldNativeId: 'n1', newNativeId: 'n2', reason: 'clear' },
  )

  expect(summary).toEqual({ state: 'running', mode: 'plan', modeUntil: null, title: 'Better words', nativeId: 'n2', usage: null })
})

test('the native id stays when an agent opens without telling one', () => {
  const opened: SessionEvent = {
    v: 1,
    kind: 'session.updated',
    nativeId: 'n1',
  }

  expect(after(opened, { v: 1, kind: 'session.updated', model: 'm' }).nativeId).toBe('n1')
})

test('an event that says nothing of the summary leaves the very same object', () => {
  expect(projectSummary(START, { v: 1, kind: 'block.delta', blockId: 'b', text: 'x' })).toBe(START)
  expect(projectSummary(START, { v: 1, kind: 'session.state', state: 'starting' })).toBe(START)
})

test('usage of single turns adds up, totals replace', () => {
  const turn: SessionEvent = {
    v: 1,
    kind: 'usage.updated',
    tokens: { input: 10, cachedInput: 2, output: 3 },
    costUsd: 0.5,
    cumulative: false,
  }

  expect(after(turn, turn).usage).toEqual({
    inputTokens: 20,
    cachedInputTokens: 4,
    outputTokens: 6,
    costUsd: 1,
    contextUsed: null,
    contextWindow: null,
  })
  expect(after(turn, { ...turn, cumulative: true }).usage).toMatchObject({ inputTokens: 10, outputTokens: 3, costUsd: 0.5 })
})

test('how full the window is comes and stays without counts', () => {
  const summary = after(
    { v: 1, kind: 'usage.updated', contextUsed: 100, contextWindow: 1000, cumulative: false },
    { v: 1, kind: 'usage.updated', tokens: { input: 1, cachedInput: 0, output: 1 }, cumulative: false },
  )

  expect(summary.usage).toMatchObject({ inputTokens: 1, costUsd: null, contextUsed: 100, contextWindow: 1000 })
})

test('a mode with an end keeps it through other changes, and the next mode has none', () => {
  const until = '2026-11-01T12:30:00.000Z'
  const skipping = projectSummary(START, { v: 1, kind: 'session.updated', mode: 'bypassPermissions', modeUntil: until })
  const renamed = projectSummary(skipping, { v: 1, kind: 'session.updated', title: 'Other words' })

  expect(renamed).toMatchObject({ mode: 'bypassPermissions', modeUntil: until })
  expect(projectSummary(renamed, { v: 1, kind: 'session.updated', mode: 'plan' })).toMatchObject({ mode: 'plan', modeUntil: null })
})
