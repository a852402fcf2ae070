import ArrowLeft from 'lucide-react/icons/arrow-left'
import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { ICON } from '../lib/base-path.ts'
import { shellText } from '../lib/text.ts'
import { showTitle } from '../lib/title-badge.ts'
import { iconButtonClass } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import waitingIcon from './favicon-waiting.svg'
import styles from './screen.module.css'
import { useScreenFocus } from './use-screen-focus.ts'
import { useWaitingCount } from './use-waiting-count.ts'

const ICONS = { calm: ICON, waiting: waitingIcon }

interface ScreenProps {
  /** Title of the browser's tab, and of the screen unless `heading` says more. */
  title: string
  heading?: ReactNode
  /** On a phone the header leads back there, and stands in for the bar below. */
  backHref?: string
  /** Beside the heading; on a phone below it. */
  status?: ReactNode
  /** After the heading; on a phone in a line of its own. */
  toolbar?: ReactNode
  /** At the end of the header. */
  actions?: ReactNode
  /** `page` scrolls by itself in one column; `pane` hands the whole room to its child. */
  layout?: 'page' | 'pane'
  children: ReactNode
}

/** One screen: a header of fixed height, and below it the content. */
export function Screen({ title, heading, backHref, status, toolbar, actions, layout = 'page', children }: ScreenProps) {
  const headingRef = useRef<HTMLHeadingElement>(null)
  const waiting = useWaitingCount()
  useScreenFocus(headingRef)
  useEffect(() => showTitle(title, waiting, ICONS), [title, waiting])

  return (
    <>
      <header className={classNames(styles.header, status !== undefined && styles.withStatus)}>
        {backHref !== undefined && (
          <Link href={backHref} className={classNames(iconButtonClass(), styles.back)} aria-label={shellText.back}>
            <ArrowLeft size={16} aria-hidden />
          </Link>
        )}
        <h1 ref={headingRef} tabIndex={-1} className={styles.heading}>
          {heading ?? title}
        </h1>
        {status !== undefined && <div className={styles.status}>{status}</div>}
        {toolbar !== undefined && <div className={styles.toolbar}>{toolbar}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={layout === 'page' ? styles.page : styles.pane}>
        {layout === 'page' ? <div className={styles.column}>{children}</div> : children}
      </div>
    </>
  )
}
