import { useState } from 'react'
import { keepFocusIn } from './keep-focus.ts'

interface SectionDialog<Open> {
  /** What is open over the list. Held by the section and not by a row: a row may go while its dialog is open. */
  dialog: Open | null
  /** What the last dialog said when it was done; null for nothing. */
  outcome: string | null
  open: (next: Open) => void
  close: (said: string | null) => void
}

/** One dialog at a time over a section of the screen, which has the focus again after it. */
export function useSectionDialog<Open>(section: string): SectionDialog<Open> {
  const [dialog, setDialog] = useState<Open | null>(null)
  const [outcome, setOutcome] = useState<string | null>(null)
  return {
    dialog,
    outcome,
    open: (next) => {
      setOutcome(null)
      setDialog(() => next)
    },
    close: (said) => {
      setDialog(null)
      setOutcome(said)
      keepFocusIn(section)
    },
  }
}
