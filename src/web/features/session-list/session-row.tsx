import { Link } from 'wouter'
import type { Session } from '#protocol/sessions'
import type { SessionRights } from '../../lib/session-rights.ts'
import { formatAge, formatExactTime } from '../../lib/format.ts'
import { describeSession } from '../../lib/session-state.ts'
import { sessionListText } from '../../lib/text.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import styles from './session-list.module.css'

interface SessionRowProps {
  session: Session
  now: Date
  /** Null where the row need not say it. */
  projectName: string | null
  rights: SessionRights
}

export function SessionRow({ session, now, projectName, rights }: SessionRowProps) {
  const { tone, word } = describeSession(session, rights.mayDecide)
  const stands = rights.mayDecide && session.pendingApprovals > 0 ? sessionListText.approvals(session.pendingApprovals) : word
  const detail = rights.startedBy === null ? stands : sessionListText.ofSomebody(rights.startedBy, stands)
  return (
    <li className={styles.item}>
      <Link href={`/sessions/${session.id}`} className={styles.row}>
        <StateMark tone={tone} word={word} glyphOnly />
        <span className={styles.title}>{session.title || sessionListText.untitled}</span>
        {projectName !== null && <span className={styles.project}>{projectName}</span>}
        <span className={styles.detail} title={detail}>
          {detail}
        </span>
        <time className={styles.age} dateTime={session.updatedAt} title={formatExactTime(session.updatedAt)}>
          {formatAge(session.updatedAt, now)}
        </time>
      </Link>
    </li>
  )
}
