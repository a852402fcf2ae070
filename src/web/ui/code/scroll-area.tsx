import type { ReactNode } from 'react'

interface ScrollAreaProps {
  /** What is in it, for whoever cannot see it. */
  label: string
  className?: string | undefined
  children: ReactNode
}

/** What scrolls must be reachable by key, though it does nothing. */
const REACHABLE = { tabIndex: 0 }

/** A part of the page that scrolls in itself; its class limits its size. */
export function ScrollArea({ label, className, children }: ScrollAreaProps) {
  return (
    <div {...REACHABLE} role="group" aria-label={label} className={className}>
      {children}
    </div>
  )
}
