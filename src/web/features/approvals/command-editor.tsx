import styles from './approval-card.module.css'
import { ExactBlock } from './exact-block.tsx'
import { approvalText } from './text-approvals.ts'

interface CommandEditorProps {
  edited: string
  /** Whether it is another text than the agent's. */
  isChanged: boolean
  onChange: (text: string) => void
}

/** The command as a text to change, and below exactly what runs: what the field does not show is seen there. */
export function CommandEditor({ edited, isChanged, onChange }: CommandEditorProps) {
  return (
    <>
      <textarea
        ref={focusOnMount}
        className={styles.commandField}
        aria-label={approvalText.editLabel}
        value={edited}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <p className={styles.label}>{isChanged ? approvalText.edited : approvalText.notEdited}</p>
      <ExactBlock label={approvalText.runs} text={edited} isCommand isOpen onOpen={nothing} />
    </>
  )
}

function nothing(): void {
  // Nothing is folded: it is open already.
}

/** The person asked for it: it is where they want to write. */
function focusOnMount(element: HTMLTextAreaElement | null): void {
  element?.focus()
}
