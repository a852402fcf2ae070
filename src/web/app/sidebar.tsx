import Folder from 'lucide-react/icons/folder'
import Inbox from 'lucide-react/icons/inbox'
import List from 'lucide-react/icons/list'
import Plus from 'lucide-react/icons/plus'
import ScrollText from 'lucide-react/icons/scroll-text'
import Settings from 'lucide-react/icons/settings-2'
import ShieldCheck from 'lucide-react/icons/shield-check'
import Users from 'lucide-react/icons/users'
import { Link, useLocation } from 'wouter'
import { ICON } from '../lib/base-path.ts'
import { useConnectionState } from '../lib/connection.ts'
import { connectionText, shellText } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { buttonClass, iconButtonClass } from '../ui/button.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { AccountButton } from './account-button.tsx'
import { NavLink } from './nav-link.tsx'
import styles from './sidebar.module.css'
import { SidebarProjects } from './sidebar-projects.tsx'
import { useSignedIn } from './signed-in-context.ts'
import { useCan, useManagesUsers } from './use-can.ts'
import { useWaitingCount } from './use-waiting-count.ts'

/** The way around on a wide window: what waits, and the projects with what was done in them last. */
export function Sidebar() {
  const waiting = useWaitingCount()
  const mayChat = useCan('chat')
  const mayApprove = useCan('approve')
  const [path] = useLocation()
  const projectId = /^\/projects\/([^/]+)$/.exec(path)?.[1]
  return (
    <nav className={styles.sidebar} aria-label={shellText.mainNavigation}>
      <Link href="/" className={styles.product}>
        <img src={ICON} alt="" width="20" height="20" />
        {shellText.product}
      </Link>
      {mayChat && (
        <Link href={projectId === undefined ? '/new' : `/new?project=${projectId}`} className={buttonClass('secondary')}>
          <Plus size={16} aria-hidden />
          {shellText.newSession}
        </Link>
      )}
      <div className={styles.navigation}>
        <ul>
          <li>
            <NavLink href="/" className={styles.link}>
              <List size={16} aria-hidden />
              {shellText.sessions}
            </NavLink>
          </li>
          {mayApprove && (
            <li>
              <NavLink href="/inbox" className={styles.link}>
                <Inbox size={16} aria-hidden />
                {shellText.inbox}
                {waiting > 0 && (
                  <Badge tone="attention">
                    {waiting}
                    <span className="visually-hidden">{shellText.waiting}</span>
                  </Badge>
                )}
              </NavLink>
            </li>
          )}
          <li>
            <NavLink href="/projects" className={styles.link}>
              <Folder size={16} aria-hidden />
              {shellText.projects}
            </NavLink>
          </li>
        </ul>
        <SidebarProjects />
      </div>
      <Foot />
    </nav>
  )
}

function Foot() {
  const { user } = useSignedIn()
  const state = useConnectionState()
  const managesUsers = useManagesUsers()
  const mayAudit = useCan('admin')
  return (
    <div className={styles.foot}>
      <div className={styles.who}>
        {user !== null && <span className={styles.name}>{user.username}</span>}
        <StateMark tone={CONNECTION_TONES[state]} word={connectionText.states[state]} />
      </div>
      {mayAudit && (
        <Link href="/audit" className={iconButtonClass()} aria-label={shellText.audit} title={shellText.audit}>
          <ScrollText size={16} aria-hidden />
        </Link>
      )}
      {mayAudit && (
        <Link href="/security" className={iconButtonClass()} aria-label={shellText.security} title={shellText.security}>
          <ShieldCheck size={16} aria-hidden />
        </Link>
      )}
      {managesUsers && (
        <Link href="/users" className={iconButtonClass()} aria-label={shellText.users} title={shellText.users}>
          <Users size={16} aria-hidden />
        </Link>
      )}
      <AccountButton className={iconButtonClass()} label={shellText.account}>
        <Settings size={16} aria-hidden />
      </AccountButton>
    </div>
  )
}

const CONNECTION_TONES = { connecting: 'working', open: 'done', reconnecting: 'working', closed: 'offline' } as const
