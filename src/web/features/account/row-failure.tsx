import type { ReactNode } from 'react'
import styles from './account.module.css'

/** Why a command of a row failed, below the row. */
export function RowFailure({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className={styles.failure}>
      {children}
    </p>
  )
}
