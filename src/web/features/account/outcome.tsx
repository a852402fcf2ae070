import Check from 'lucide-react/icons/check'
import type { ReactNode } from 'react'
import styles from './account.module.css'

/** Says that something was done. Always there, so that screen readers hear what comes into it. */
export function Outcome({ children }: { children: ReactNode }) {
  return (
    <div role="status" className={styles.outcome}>
      {children !== null && (
        <p>
          <Check size={16} aria-hidden />
          {children}
        </p>
      )}
    </div>
  )
}
