import { useId } from 'react'
import type { Session } from '#protocol/sessions'
import type { SessionRights } from '../../lib/session-rights.ts'
import { classNames } from '../../ui/class-names.ts'
import type { SessionGroup } from './group-sessions.ts'
import { groupSessions } from './group-sessions.ts'
import styles from './session-list.module.css'
import { SessionRow } from './session-row.tsx'

interface SessionListProps {
  sessions: readonly Session[]
  now: Date
  /** The name of the session's project; null where the rows need not say it. */
  projectName: ((session: Session) => string) | null
  rights: (session: Session) => SessionRights
}

/** Sessions in groups: waiting, working, then by day. */
export function SessionList({ sessions, now, projectName, rights }: SessionListProps) {
  return (
    <div className={styles.list}>
      {groupSessions(sessions, now, (session) => rights(session).mayDecide).map((group) => (
        <Group key={group.title} group={group} now={now} projectName={projectName} rights={rights} />
      ))}
    </div>
  )
}

interface GroupProps extends Pick<SessionListProps, 'now' | 'projectName' | 'rights'> {
  group: SessionGroup
}

function Group({ group, now, projectName, rights }: GroupProps) {
  const titleId = useId()
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className={classNames(styles.heading, group.isWaiting && styles.waiting)}>
        {group.title} <span className={styles.count}>{group.sessions.length}</span>
      </h2>
      <ul className={styles.rows}>
        {group.sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            now={now}
            projectName={projectName === null ? null : projectName(session)}
            rights={rights(session)}
          />
        ))}
      </ul>
    </section>
  )
}
