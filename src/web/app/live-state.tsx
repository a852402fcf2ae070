import type { SessionView } from '#protocol/session-reducer'
import type { Session } from '#protocol/sessions'
import { useConnectionState } from '../lib/connection.ts'
import { useSessionRights } from '../lib/session-rights.ts'
import { describeSession } from '../lib/session-state.ts'
import { useSessionView } from '../lib/session-store.ts'
import { connectionText } from '../lib/text.ts'
import { StateMark } from '../ui/state-mark.tsx'

/** What the session does now, or that the page cannot know it. */
export function LiveState({ session }: { session: Session }) {
  const connection = useConnectionState()
  const { mayDecide } = useSessionRights()
  const isLoaded = useSessionView(session.id, hasEvents)
  const state = useSessionView(session.id, stateOf)
  const pendingApprovals = useSessionView(session.id, countOfApprovals)
  if (connection !== 'open') return <StateMark tone="offline" word={connectionText.states[connection]} />
  return <StateMark {...describeSession(isLoaded ? { state, pendingApprovals } : session, mayDecide)} />
}

const hasEvents = (view: SessionView) => view.lastSeq > 0
const stateOf = (view: SessionView) => view.state
const countOfApprovals = (view: SessionView) => view.openApprovals.size
