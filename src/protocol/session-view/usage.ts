import type { EventOf } from '#protocol/session-events'
import type { Usage } from '#protocol/sessions'
import type { SessionView } from './session-view.ts'

const noUsage: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costUsd: null, contextUsed: null, contextWindow: null }

function countsOf(tokens: NonNullable<EventOf<'usage.updated'>['tokens']>) {
  return { inputTokens: tokens.input, cachedInputTokens: tokens.cachedInput, outputTokens: tokens.output }
}

/** Totals replace what was known. Counts of one turn tell the fill of the window only: they are added up when it ends. */
export function reduceUsage(view: SessionView, event: EventOf<'usage.updated'>): SessionView {
  // A sub-agent's own window says nothing about the conversation's.
  if (event.parentId !== undefined) return view
  const known = view.usage ?? noUsage
  const totals = event.cumulative && event.tokens !== undefined ? countsOf(event.tokens) : {}
  const costUsd = event.cumulative ? (event.costUsd ?? known.costUsd) : known.costUsd
  const contextUsed = event.contextUsed ?? known.contextUsed
  const contextWindow = event.contextWindow ?? known.contextWindow
  return { ...view, usage: { ...known, ...totals, costUsd, contextUsed, contextWindow }, hasTotals: view.hasTotals || event.cumulative }
}

/** Adds what a turn used, unless the agent tells totals itself. */
export function addTurnUsage(view: SessionView, event: EventOf<'turn.ended'>): SessionView {
  if (view.hasTotals || (event.usage === undefined && event.costUsd === undefined)) return view
  const known = view.usage ?? noUsage
  const used = countsOf(event.usage ?? { input: 0, cachedInput: 0, output: 0 })
  const usage = {
    ...known,
    inputTokens: known.inputTokens + used.inputTokens,
    cachedInputTokens: known.cachedInputTokens + used.cachedInputTokens,
    outputTokens: known.outputTokens + used.outputTokens,
    costUsd: event.costUsd === undefined ? known.costUsd : (known.costUsd ?? 0) + event.costUsd,
  }
  return { ...view, usage }
}
