import { Fragment } from 'react'
import type { Project } from '#protocol/projects'
import type { Session } from '#protocol/sessions'
import { rightsIn } from '../lib/session-rights.ts'
import { useProjects, useSessions } from '../lib/server-queries.ts'
import { describeSession } from '../lib/session-state.ts'
import { sessionListText, shellText } from '../lib/text.ts'
import { StateMark } from '../ui/state-mark.tsx'
import { NavLink } from './nav-link.tsx'
import { recentWork } from './recent-work.ts'
import styles from './sidebar.module.css'
import { useSignedIn } from './signed-in-context.ts'

const PROJECTS_AT_MOST = 8
const SESSIONS_AT_MOST = 5

/** The projects worked in last, each with its newest sessions. */
export function SidebarProjects() {
  const projects = useProjects()
  const sessions = useSessions(null)
  if (projects.data === undefined || projects.data.length === 0) return null
  const work = recentWork(projects.data, sessions.data ?? []).slice(0, PROJECTS_AT_MOST)
  return (
    <>
      {work.map(({ project, sessions: own }) => (
        <Fragment key={project.id}>
          <ProjectSessions project={project} sessions={own.slice(0, SESSIONS_AT_MOST)} />
        </Fragment>
      ))}
      {projects.data.length > PROJECTS_AT_MOST && (
        <NavLink href="/projects" className={styles.all}>
          {shellText.allProjects(projects.data.length)}
        </NavLink>
      )}
    </>
  )
}

function ProjectSessions({ project, sessions }: { project: Project; sessions: readonly Session[] }) {
  const { user } = useSignedIn()
  return (
    <section className={styles.project} aria-label={project.name}>
      <NavLink href={`/projects/${project.id}`} className={styles.projectName} title={project.path}>
        {project.name}
      </NavLink>
      <ul>
        {sessions.map((session) => (
          <li key={session.id}>
            <NavLink href={`/sessions/${session.id}`} className={styles.session} title={session.title}>
              <StateMark {...describeSession(session, rightsIn(session, user).mayDecide)} glyphOnly />
              <span className={styles.sessionTitle}>{session.title || sessionListText.untitled}</span>
            </NavLink>
          </li>
        ))}
      </ul>
      {sessions.length === 0 && <p className={styles.none}>{shellText.noSessions}</p>}
    </section>
  )
}
