import { useState } from 'react'
import type { PolicyDraft } from './policy-draft.ts'

/** What was typed and not saved. */
export interface Unsaved {
  /** Null: nothing is changed. */
  draft: PolicyDraft | null
  /** The document while it is open as text, and as it was when it was opened. */
  text: { now: string; opened: string } | null
}

/** Outlives the screen, so that one can look something up elsewhere; a page that is left is asked about first. */
let unsaved: Unsaved = { draft: null, text: null }

/** Changes that wait to be saved, which are still there when one comes back to the screen. */
export function useUnsaved(): [Unsaved, (part: Partial<Unsaved>) => void] {
  const [shown, setShown] = useState(unsaved)
  function keep(part: Partial<Unsaved>) {
    unsaved = { ...unsaved, ...part }
    const { draft, text } = unsaved
    if (draft === null && text?.now === text?.opened) window.removeEventListener('beforeunload', askFirst)
    else window.addEventListener('beforeunload', askFirst)
    setShown(unsaved)
  }
  return [shown, keep]
}

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
