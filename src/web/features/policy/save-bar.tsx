import { useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { countChanges } from './policy-changes.ts'
import { changesOf, type PolicyDraft } from './policy-draft.ts'
import styles from './policy.module.css'
import { SaveDialog } from './save-dialog.tsx'
import { savingText } from './text-policy.ts'

interface SaveBarProps {
  draft: PolicyDraft
  /** Says so, and takes the focus from the dialog that is gone. */
  justSaved: boolean
  onChange: (draft: PolicyDraft) => void
  onDiscard: () => void
  onSaved: () => void
}

/** Stays in sight while there is something to save. */
export function SaveBar({ draft, justSaved, onChange, onDiscard, onSaved }: SaveBarProps) {
  const [isReviewing, setIsReviewing] = useState(false)
  const count = countChanges(changesOf(draft))
  if (count === 0) return justSaved ? <SavedLine /> : null
  return (
    <section className={styles.bar} aria-label={savingText.bar}>
      <p role="status" className={styles.barText}>
        {savingText.changes(count)}
      </p>
      <div className={styles.buttons}>
        <Button onClick={onDiscard}>{savingText.discard}</Button>
        <Button variant="primary" onClick={() => setIsReviewing(true)}>
          {savingText.review}
        </Button>
      </div>
      {isReviewing && <SaveDialog draft={draft} onChange={onChange} onSaved={onSaved} onClose={() => setIsReviewing(false)} />}
    </section>
  )
}

function SavedLine() {
  const ref = useRef<HTMLParagraphElement>(null)
  useEffect(() => ref.current?.focus({ preventScroll: true }), [])
  return (
    <div className={styles.bar}>
      <p ref={ref} tabIndex={-1} role="status" className={styles.saved}>
        {savingText.saved}
      </p>
    </div>
  )
}
