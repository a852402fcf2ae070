import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './notice.module.css'

interface NoticeProps {
  /** `negative`: something failed, and is announced. */
  tone?: 'neutral' | 'negative'
  title?: string | undefined
  children: ReactNode
  action?: ReactNode
}

/** A sentence that a person should read, in the flow of the page. */
export function Notice({ tone = 'neutral', title, children, action }: NoticeProps) {
  return (
    <div className={classNames(styles.notice, tone === 'negative' && styles.negative)} role={tone === 'negative' ? 'alert' : undefined}>
      {title !== undefined && <p className={styles.title}>{title}</p>}
      <p className={styles.text}>{children}</p>
      {action}
    </div>
  )
}
