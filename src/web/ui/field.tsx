import type { InputHTMLAttributes, Ref } from 'react'
import { useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  /** Said below the input, before anything went wrong. */
  hint?: string | undefined
  /** Says what is wrong with the value. */
  error?: string | undefined
  ref?: Ref<HTMLInputElement>
}

/** A labelled text input with a hint and an error, both tied to it for screen readers. */
export function Field({ label, hint, error, className, ...input }: FieldProps) {
  const id = useId()
  const noteId = useId()
  const note = error ?? hint
  return (
    <div className={classNames(styles.field, className)}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={styles.input}
        aria-invalid={error !== undefined}
        aria-describedby={note === undefined ? undefined : noteId}
      />
      {note !== undefined && (
        <p id={noteId} className={error === undefined ? styles.hint : styles.error}>
          {note}
        </p>
      )}
    </div>
  )
}
