import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { classNames } from './class-names.ts'

interface BadgeProps {
  /** `attention` is for what waits for a person and nothing else. */
  tone?: 'neutral' | 'attention' | 'negative'
  children: ReactNode
}

/** A short word or number beside a name. */
export function Badge({ tone = 'neutral', children }: BadgeProps) {
  return <span className={classNames(styles.badge, tone !== 'neutral' && styles[tone])}>{children}</span>
}
