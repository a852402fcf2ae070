import type { ReactNode } from 'react'
import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import styles from './approval-card.module.css'
import { approvalText } from './text-approvals.ts'

const MAX_REASON_LENGTH = 4000

interface DecisionBarProps {
  /** False: presses do nothing, since the card has only just appeared or a decision is on its way. */
  isArmed: boolean
  isDeciding: boolean
  /** The narrowest grant. */
  allow: ReactNode
  /** Wider grants. */
  wider?: ReactNode
  rejectLabel: string
  /** The letter that opens it, shown on the button. */
  rejectKey?: string
  onReject: (reason: string) => void
  /** Whether the line for the agent is open. */
  isRejecting: boolean
  onRejecting: (isRejecting: boolean) => void
}

/** The buttons of a card. Rejecting offers a line for the agent. */
export function DecisionBar(props: DecisionBarProps) {
  const { isArmed, isDeciding, allow, wider, rejectLabel, rejectKey, onReject, isRejecting, onRejecting } = props
  if (isRejecting) return <RejectForm isArmed={isArmed} rejectLabel={rejectLabel} onReject={onReject} onBack={() => onRejecting(false)} />
  return (
    <div className={styles.bar}>
      {allow}
      {wider}
      <Button
        variant="danger"
        className={styles.reject}
        aria-disabled={!isArmed}
        aria-keyshortcuts={rejectKey}
        onClick={() => isArmed && onRejecting(true)}
      >
        {rejectLabel}
        {rejectKey !== undefined && <Key letter={rejectKey} />}
      </Button>
      {isDeciding && (
        <span role="status" className={styles.deciding}>
          {approvalText.deciding}
        </span>
      )}
    </div>
  )
}

interface RejectFormProps {
  isArmed: boolean
  rejectLabel: string
  onReject: (reason: string) => void
  onBack: () => void
}

function RejectForm({ isArmed, rejectLabel, onReject, onBack }: RejectFormProps) {
  const reasonId = useId()
  const [reason, setReason] = useState('')
  return (
    <form
      className={styles.rejectForm}
      onSubmit={(event) => {
        event.preventDefault()
        if (isArmed) onReject(reason.trim())
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onBack()
      }}
    >
      <label htmlFor={reasonId}>{approvalText.reasonLabel}</label>
      <input
        id={reasonId}
        ref={focusOnMount}
        className={styles.reason}
        value={reason}
        maxLength={MAX_REASON_LENGTH}
        placeholder={approvalText.reasonHint}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className={styles.bar}>
        <Button type="submit" variant="danger" aria-disabled={!isArmed}>
          {rejectLabel}
        </Button>
        <Button variant="quiet" onClick={onBack}>
          {approvalText.cancel}
        </Button>
      </div>
    </form>
  )
}

/** The person asked for the line: it is where they want to write. */
function focusOnMount(element: HTMLInputElement | null): void {
  element?.focus()
}

interface AllowButtonProps {
  isArmed: boolean
  onAllow: () => void
  /** The letter that presses it, shown on the button. */
  letter?: string
  /** Other keys that do. */
  hint?: string
  children: ReactNode
}

/** The button of the narrowest grant. Enter alone does not press it (see approval-frame.tsx). */
export function AllowButton({ isArmed, onAllow, letter, hint, children }: AllowButtonProps) {
  return (
    <Button
      variant="primary"
      className={styles.allow}
      aria-disabled={!isArmed}
      aria-keyshortcuts={letter}
      data-allow
      onClick={() => isArmed && onAllow()}
    >
      {children}
      {letter !== undefined && <Key letter={letter} />}
      {hint !== undefined && (
        <kbd className={styles.kbd} aria-hidden>
          {hint}
        </kbd>
      )}
    </Button>
  )
}

/** The letter of a button, where there are keys. */
export function Key({ letter }: { letter: string }) {
  return (
    <kbd className={styles.key} aria-hidden>
      {letter}
    </kbd>
  )
}

interface GrantButtonProps {
  isArmed: boolean
  onOpen: () => void
}

/** Opens what else may be allowed with the call. */
export function GrantButton({ isArmed, onOpen }: GrantButtonProps) {
  return (
    <Button aria-haspopup="dialog" aria-keyshortcuts="S" aria-disabled={!isArmed} onClick={() => isArmed && onOpen()}>
      {approvalText.remember}
      <Key letter="S" />
    </Button>
  )
}
