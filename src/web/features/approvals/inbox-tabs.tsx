import { Link } from 'wouter'
import styles from './history.module.css'
import { historyText } from './text-history.ts'

/** What waits, or what was decided. */
export function InboxTabs({ isHistory }: { isHistory: boolean }) {
  return (
    <nav className={styles.tabs} aria-label={historyText.shown}>
      <Link href="/inbox" className={styles.tab} aria-current={isHistory ? undefined : 'page'}>
        {historyText.waiting}
      </Link>
      <Link href="/inbox?show=decided" className={styles.tab} aria-current={isHistory ? 'page' : undefined}>
        {historyText.decided}
      </Link>
    </nav>
  )
}
