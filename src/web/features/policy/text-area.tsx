import type { TextareaHTMLAttributes } from 'react'
import { useId } from 'react'
import styles from './policy.module.css'

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string
  hint?: string
}

/** A labelled field for several lines. */
export function TextArea({ label, hint, ...rest }: TextAreaProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <textarea
        rows={2}
        spellCheck={false}
        autoCapitalize="none"
        {...rest}
        id={id}
        className={styles.area}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}
