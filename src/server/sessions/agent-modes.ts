import type { ProviderId, SessionId } from '#protocol/ids'
import { agentModeOf, type PermissionMode } from '#protocol/providers'
import type { SessionEvent } from '#protocol/session-events'
import type { SessionSummary } from './session-projection.ts'
import type { SessionWriter } from './session-writer.ts'

/** The mode that a call is judged in. The timer that ends the skipping of approvals may be late; nobody profits from it. */
export function modeNow({ mode, modeUntil }: SessionSummary, now: Date): { mode: PermissionMode; modeUntil: string | null } {
  const isOver = mode === 'bypassPermissions' && (modeUntil === null || Date.parse(modeUntil) <= now.getTime())
  return isOver ? { mode: 'default', modeUntil: null } : { mode, modeUntil }
}

/**
 * Appends what an agent said. It may change its own mode, but it cannot let its session skip approvals; where it changes
 * it while approvals are skipped, that ends it.
 */
export function appendSaid(
  writer: SessionWriter,
  event: SessionEvent,
  { sessionId, provider, at }: { sessionId: SessionId; provider: ProviderId; at: Date },
): void {
  if (event.kind !== 'session.updated' || event.mode === undefined) {
    writer.append(event)
    return
  }
  const { mode: before } = writer.summary
  const { mode, modeUntil: _, ...others } = event
  if (mode === 'bypassPermissions' || (before === 'bypassPermissions' && mode === agentModeOf(before))) {
    writer.append(others)
    return
  }
  const details = { sessionId, mode, before, until: null, why: 'the agent changed its mode' }
  const isEnd = before === 'bypassPermissions'
  writer.append(
    { ...others, mode },
    isEnd ? { at, actor: provider, action: 'session.mode_changed', subject: sessionId, details } : undefined,
  )
}
