import type { KeyboardEvent, Ref } from 'react'
import { useId } from 'react'
import styles from './composer.module.css'
import { composerText } from './text-composer.ts'

interface PromptFieldProps {
  text: string
  placeholder: string
  onChange: (text: string) => void
  onSend: () => void
  /** Why it was not sent. */
  error: string | null
  disabled?: boolean
  ref?: Ref<HTMLTextAreaElement>
}

/** The text to be sent. It grows with its lines; Enter sends where there is a keyboard. */
export function PromptField({ text, placeholder, onChange, onSend, error, disabled = false, ref }: PromptFieldProps) {
  const errorId = useId()

  function sendByKey(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.shiftKey || event.altKey) return
    // On a touch keyboard Enter is the only way to begin a line.
    if (!event.ctrlKey && !event.metaKey && matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    onSend()
  }

  return (
    <>
      {error !== null && (
        <p id={errorId} role="alert" className={styles.error}>
          {error}
        </p>
      )}
      <textarea
        ref={ref}
        className={styles.field}
        aria-label={composerText.label}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : errorId}
        placeholder={placeholder}
        value={text}
        rows={1}
        disabled={disabled}
        enterKeyHint="enter"
        autoCapitalize="sentences"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={sendByKey}
      />
    </>
  )
}
