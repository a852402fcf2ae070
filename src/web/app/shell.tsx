import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { shellText } from '../lib/text.ts'
import { classNames } from '../ui/class-names.ts'
import { AccountNotices } from './account-notices.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import { FreezeNotice } from './freeze-notice.tsx'
import styles from './shell.module.css'
import { Sidebar } from './sidebar.tsx'
import { useSignedIn } from './signed-in-context.ts'
import { StepUpHost } from './step-up-host.tsx'

/** The frame around every screen: sidebar on wide windows, a bar below on phones. */
export function Shell({ children }: { children: ReactNode }) {
  const { status, user } = useSignedIn()
  const [path] = useLocation()
  // There the composer needs the room, and the header leads back.
  const isConversation = path.startsWith('/sessions/') || path === '/new'
  return (
    <div className={styles.shell}>
      <a className={classNames('visually-hidden', styles.skip)} href="#content">
        {shellText.skip}
      </a>
      <header className={styles.banner}>
        {status.platformMode && <p className={styles.platform}>{shellText.platform(user?.username ?? '')}</p>}
        {status.demo && <p>{shellText.demo}</p>}
        <FreezeNotice />
      </header>
      <Sidebar />
      <main id="content" tabIndex={-1} className={styles.main}>
        <ConnectionBar />
        <AccountNotices />
        {children}
      </main>
      {!isConversation && <BottomBar />}
      <StepUpHost />
    </div>
  )
}
