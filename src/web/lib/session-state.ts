import type { Session, SessionState } from '#protocol/sessions'
import { sessionStateText } from './text.ts'

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

/** A session's state for a person. A decision that waits comes before whatever else the session does. */
export function describeSession({ state, pendingApprovals }: Pick<Session, 'state' | 'pendingApprovals'>): {
  tone: SessionTone
  word: string
} {
  const shown = pendingApprovals > 0 ? 'requires_action' : state
  return { tone: TONES[shown], word: sessionStateText[shown] }
}
