import type { ReactNode } from 'react'
import X from 'lucide-react/icons/x'
import { useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'

interface DialogProps {
  title: string
  /** Accessible name of the closing cross. */
  closeLabel: string
  /** Asked for by the cross, Escape, or a press outside. */
  onClose: () => void
  /** What it shows is shown once: a press outside does not close it. */
  keepsOpen?: boolean
  /** Room for two columns where the screen has it. */
  isWide?: boolean
  children: ReactNode
  /** Buttons below the content, which stay in sight. */
  footer?: ReactNode
}

/** A modal dialog, a sheet from the bottom on a phone. Mount it to open it, unmount it to close it; the focus goes back. */
export function Dialog({ title, closeLabel, onClose, keepsOpen = false, isWide = false, children, footer }: DialogProps) {
  const titleId = useId()
  const ref = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    const dialog = ref.current
    const opener = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])

  return (
    <dialog
      ref={ref}
      className={classNames(styles.dialog, isWide && styles.wide)}
      aria-labelledby={titleId}
      closedby={keepsOpen ? 'closerequest' : 'any'}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={() => {
        // The browser may close it by itself when Escape is pressed twice.
        if (ref.current?.open !== false) return
        onClose()
        // Whoever wants something first keeps it open, which the browser did not ask.
        setTimeout(() => {
          if (ref.current?.open === false) ref.current.showModal()
        })
      }}
    >
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <IconButton label={closeLabel} onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <div className={styles.body}>{children}</div>
      {footer !== undefined && <div className={styles.foot}>{footer}</div>}
    </dialog>
  )
}
