import type { Session } from '#protocol/sessions'
import { formatDay } from '../../lib/format.ts'
import { describeSession } from '../../lib/session-state.ts'
import { sessionListText } from '../../lib/text.ts'

export interface SessionGroup {
  /** Also its heading. */
  title: string
  isWaiting: boolean
  sessions: Session[]
}

/** A board of work: what waits for a person, what works, then the rest by day. The order within a group stays. */
export function groupSessions(sessions: readonly Session[], now: Date): SessionGroup[] {
  const groups = new Map<string, Session[]>([
    [sessionListText.waiting, []],
    [sessionListText.working, []],
  ])
  for (const session of sessions) {
    const title = groupOf(session, now)
    groups.set(title, [...(groups.get(title) ?? []), session])
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([title, members]) => ({ title, isWaiting: title === sessionListText.waiting, sessions: members }))
}

function groupOf(session: Session, now: Date): string {
  const { tone } = describeSession(session)
  if (tone === 'waiting') return sessionListText.waiting
  if (tone === 'working') return sessionListText.working
  return formatDay(session.updatedAt, now)
}
