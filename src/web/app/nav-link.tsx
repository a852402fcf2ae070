import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'

interface NavLinkProps {
  href: string
  className?: string | undefined
  /** Accessible name, where the content does not say all of it. */
  label?: string | undefined
  title?: string | undefined
  children: ReactNode
}

/** A link that says when it leads to where one is. */
export function NavLink({ href, className, label, title, children }: NavLinkProps) {
  const [path] = useLocation()
  return (
    <Link href={href} className={className} title={title} aria-label={label} aria-current={path === href ? 'page' : undefined}>
      {children}
    </Link>
  )
}
