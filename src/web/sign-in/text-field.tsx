/** @jsxImportSource preact */
import { useId } from 'preact/hooks'
import { FORM_ALERT } from './form-alert.tsx'
import styles from './sign-in.module.css'

interface TextFieldProps {
  name: string
  label: string
  hint?: string
  autocomplete: string
  defaultValue?: string
  isFocusedFirst?: boolean
  /** The message of the form is about this field. */
  isWrong?: boolean
  inputMode?: 'numeric' | 'text'
  maxLength?: number
  /** Set in the type of code. */
  isCode?: boolean
  /** Called with the field after each change of its text. */
  onText?: (field: HTMLInputElement) => void
}

export function TextField({
  name,
  label,
  hint,
  isFocusedFirst = false,
  isWrong = false,
  isCode = false,
  onText,
  ...input
}: TextFieldProps) {
  const id = useId()
  return (
    <div class={styles.field}>
      <label for={id}>{label}</label>
      <input
        {...input}
        type="text"
        id={id}
        ref={isFocusedFirst ? focusOnce : null}
        class={isCode ? `${styles.input} ${styles.code}` : styles.input}
        name={name}
        autocapitalize="none"
        autocorrect="off"
        spellcheck={false}
        onInput={(event) => onText?.(event.currentTarget)}
        aria-invalid={isWrong}
        aria-describedby={describedBy(hint === undefined ? null : `${id}-hint`, isWrong)}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} class={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** The page has nothing else to do than to fill in this field. */
function focusOnce(input: HTMLInputElement | null): void {
  input?.focus()
}

export function describedBy(hintId: string | null, isWrong: boolean): string | undefined {
  const ids = [isWrong ? FORM_ALERT : null, hintId].filter((id) => id !== null)
  return ids.length === 0 ? undefined : ids.join(' ')
}
