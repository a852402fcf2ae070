import type { Ref } from 'react'
import { useRef } from 'react'
import styles from './policy.module.css'

interface TextEditorProps {
  ref: Ref<HTMLTextAreaElement>
  label: string
  text: string
  readOnly: boolean
  describedBy: string | undefined
  onChange: (text: string) => void
}

/** A plain text field with line numbers, in which Tab leads on as everywhere. */
export function TextEditor({ ref, label, text, readOnly, describedBy, onChange }: TextEditorProps) {
  const numbers = useRef<HTMLDivElement>(null)
  const count = text.split('\n').length
  return (
    <div className={styles.editor}>
      <div ref={numbers} aria-hidden="true" className={styles.numbers}>
        {Array.from({ length: count }, (_, index) => index + 1).join('\n')}
      </div>
      <textarea
        ref={ref}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={describedBy !== undefined}
        className={styles.text}
        value={text}
        readOnly={readOnly}
        wrap="off"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}
