import Ellipsis from 'lucide-react/icons/ellipsis'
import Folder from 'lucide-react/icons/folder'
import Inbox from 'lucide-react/icons/inbox'
import List from 'lucide-react/icons/list'
import { shellText } from '../lib/text.ts'
import { AccountButton } from './account-button.tsx'
import styles from './bottom-bar.module.css'
import { NavLink } from './nav-link.tsx'
import { useCan } from './use-can.ts'
import { useWaitingCount } from './use-waiting-count.ts'

/** The way around on a phone. */
export function BottomBar() {
  const waiting = useWaitingCount()
  const mayApprove = useCan('approve')
  return (
    <nav className={styles.bar} aria-label={shellText.mainNavigation}>
      <NavLink href="/" className={styles.item}>
        <List size={20} aria-hidden />
        {shellText.sessions}
      </NavLink>
      {mayApprove && (
        <NavLink href="/inbox" className={styles.item}>
          <Inbox size={20} aria-hidden />
          {shellText.inbox}
          {waiting > 0 && (
            <span className={styles.count}>
              {waiting}
              <span className="visually-hidden">{shellText.waiting}</span>
            </span>
          )}
        </NavLink>
      )}
      <NavLink href="/projects" className={styles.item}>
        <Folder size={20} aria-hidden />
        {shellText.projects}
      </NavLink>
      <AccountButton className={styles.item}>
        <Ellipsis size={20} aria-hidden />
        {shellText.more}
      </AccountButton>
    </nav>
  )
}
