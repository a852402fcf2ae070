import type { Session, SessionState } from '#protocol/sessions'
import { sessionListText, sessionStateText } from './text.ts'

/** How a state looks: the tones of `StateMark`. */
export type SessionTone = 'waiting' | 'working' | 'idle' | 'done' | 'failed'

const TONES: Record<SessionState, SessionTone> = {
  starting: 'working',
  idle: 'done',
  running: 'working',
  requires_action: 'waiting',
  compacting: 'working',
  retrying: 'working',
  interrupted: 'failed',
  exited: 'idle',
}

/** Whether a decision is waited for, by whomever. */
export function isUndecided({ state, pendingApprovals }: Pick<Session, 'state' | 'pendingApprovals'>): boolean {
  return pendingApprovals > 0 || state === 'requires_action'
}

/**
 * A session's state for a person. A decision that waits comes before whatever else the session does; it is amber only for
 * whoever may make it.
 */
export function describeSession(
  { state, pendingApprovals }: Pick<Session, 'state' | 'pendingApprovals'>,
  mayDecide: boolean,
): { tone: SessionTone; word: string } {
  const shown = isUndecided({ state, pendingApprovals }) ? 'requires_action' : state
  if (shown === 'requires_action' && !mayDecide) return { tone: 'idle', word: sessionListText.waitingElsewhere }
  return { tone: TONES[shown], word: sessionStateText[shown] }
}
