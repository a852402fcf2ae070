import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'

interface NavLinkProps {
  href: string
  className?: string | undefined
  title?: string | undefined
  children: ReactNode
}

/** A link that says when it leads to where one is. */
export function NavLink({ href, className, title, children }: NavLinkProps) {
  const [path] = useLocation()
  return (
    <Link href={href} className={className} title={title} aria-current={path === href ? 'page' : undefined}>
      {children}
    </Link>
  )
}
