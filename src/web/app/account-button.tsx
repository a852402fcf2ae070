import type { ReactNode } from 'react'
import { lazy, Suspense, useState } from 'react'
import { shellText } from '../lib/text.ts'

const AccountDialog = lazy(async () => ({ default: (await import('./account-dialog.tsx')).AccountDialog }))

interface AccountButtonProps {
  className?: string | undefined
  /** Accessible name, where the content is an icon only. */
  label?: string | undefined
  children: ReactNode
}

/** Opens what concerns the person and this device. */
export function AccountButton({ className, label, children }: AccountButtonProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-label={label}
        title={shellText.account}
        onClick={() => setIsOpen(true)}
      >
        {children}
      </button>
      <Suspense fallback={null}>{isOpen && <AccountDialog onClose={() => setIsOpen(false)} />}</Suspense>
    </>
  )
}
