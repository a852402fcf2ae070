import type { Session } from '#protocol/sessions'
import { formatDay } from '../../lib/format.ts'
import { describeSession, isUndecided } from '../../lib/session-state.ts'
import { sessionListText } from '../../lib/text.ts'

export interface SessionGroup {
  /** Also its heading. */
  title: string
  isWaiting: boolean
  sessions: Session[]
}

/**
 * A board of work: what waits for this person, what works or waits for another, then the rest by day. The order within a
 * group stays.
 */
export function groupSessions(sessions: readonly Session[], now: Date, mayDecide: (session: Session) => boolean): SessionGroup[] {
  const groups = new Map<string, Session[]>([
    [sessionListText.waiting, []],
    [sessionListText.working, []],
  ])
  for (const session of sessions) {
    const title = groupOf(session, now, mayDecide(session))
    groups.set(title, [...(groups.get(title) ?? []), session])
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([title, members]) => ({ title, isWaiting: title === sessionListText.waiting, sessions: members }))
}

function groupOf(session: Session, now: Date, mayDecide: boolean): string {
  const { tone } = describeSession(session, mayDecide)
  if (tone === 'waiting') return sessionListText.waiting
  if (tone === 'working' || isUndecided(session)) return sessionListText.working
  return formatDay(session.updatedAt, now)
}
