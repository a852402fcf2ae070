/** @jsxImportSource preact */
import { useId } from 'preact/hooks'
import styles from './sign-in.module.css'

interface TextFieldProps {
  name: string
  label: string
  hint?: string
  autocomplete: string
  defaultValue?: string
  isFocusedFirst?: boolean
}

export function TextField({ name, label, hint, autocomplete, defaultValue = '', isFocusedFirst = false }: TextFieldProps) {
  const id = useId()
  return (
    <div class={styles.field}>
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={isFocusedFirst ? focusOnce : null}
        class={styles.input}
        name={name}
        type="text"
        defaultValue={defaultValue}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
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
