import { useMemo } from 'react'
import styles from './approval-card.module.css'
import { MarkWarning } from './exact-block.tsx'
import { marksOf } from './hidden-marks.ts'
import { approvalText } from './text-approvals.ts'

interface CommandEditorProps {
  edited: string
  /** Whether it is another text than the agent's. */
  isChanged: boolean
  onChange: (text: string) => void
}

/** The command as a text to change: what is written here runs. */
export function CommandEditor({ edited, isChanged, onChange }: CommandEditorProps) {
  const marks = useMemo(() => marksOf(edited), [edited])
  return (
    <>
      <textarea
        ref={focusOnMount}
        className={styles.planField}
        aria-label={approvalText.editLabel}
        value={edited}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <MarkWarning marks={marks} />
      <p className={styles.label}>{isChanged ? approvalText.edited : approvalText.editLabel}</p>
    </>
  )
}

/** The person asked for it: it is where they want to write. */
function focusOnMount(element: HTMLTextAreaElement | null): void {
  element?.focus()
}
