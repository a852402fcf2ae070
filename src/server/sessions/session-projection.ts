import type { EventOf, SessionEvent } from '#protocol/session-events'
import type { Usage } from '#protocol/sessions'
import type { PermissionMode } from '#protocol/providers'
import type { SessionState } from '#protocol/sessions'

/** What a session's row says of its events. */
export interface SessionSummary {
  state: SessionState
  mode: PermissionMode
  /** When the mode `bypassPermissions` ends; null in every other. */
  modeUntil: string | null
  title: string
  nativeId: string | null
  usage: Usage | null
}

const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costUsd: null, contextUsed: null, contextWindow: null }

/** The summary after one more event; the same object when the event does not touch it. */
export function projectSummary(summary: SessionSummary, event: SessionEvent): SessionSummary {
  switch (event.kind) {
    case 'session.state':
      return event.state === summary.state ? summary : { ...summary, state: event.state }
    case 'session.opened':
      return event.nativeId === undefined ? summary : { ...summary, nativeId: event.nativeId }
    case 'session.updated':
      return applyUpdate(summary, event)
    case 'session.rekeyed':
      return { ...summary, nativeId: event.newNativeId }
    case 'usage.updated':
      return { ...summary, usage: applyUsage(summary.usage ?? NO_USAGE, event) }
    default:
      return summary
  }
}

function applyUpdate(summary: SessionSummary, event: EventOf<'session.updated'>): SessionSummary {
  return {
    ...summary,
    nativeId: event.nativeId ?? summary.nativeId,
    mode: event.mode ?? summary.mode,
    modeUntil: event.mode === undefined ? summary.modeUntil : (event.modeUntil ?? null),
    title: event.title ?? summary.title,
  }
}

function applyUsage(usage: Usage, event: EventOf<'usage.updated'>): Usage {
  const base = event.cumulative ? NO_USAGE : usage
  const { tokens } = event
  return {
    inputTokens: tokens ? base.inputTokens + tokens.input : usage.inputTokens,
    cachedInputTokens: tokens ? base.cachedInputTokens + tokens.cachedInput : usage.cachedInputTokens,
    outputTokens: tokens ? base.outputTokens + tokens.output : usage.outputTokens,
    costUsd: event.costUsd === undefined ? usage.costUsd : (base.costUsd ?? 0) + event.costUsd,
    contextUsed: event.contextUsed ?? usage.contextUsed,
    contextWindow: event.contextWindow ?? usage.contextWindow,
  }
}
