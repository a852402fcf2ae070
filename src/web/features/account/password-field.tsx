import type { InputHTMLAttributes, ReactNode, Ref } from 'react'
import { useId, useState } from 'react'
import fieldStyles from '../../ui/field.module.css'
import styles from './password-field.module.css'
import { commonText } from './text-account.ts'

interface PasswordFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: string
  autoComplete: 'current-password' | 'new-password'
  hint?: ReactNode
  /** Says what is wrong with the value. */
  error?: ReactNode
  ref?: Ref<HTMLInputElement>
}

/** A password that can be shown while it is typed. */
export function PasswordField({ label, hint, error, ...input }: PasswordFieldProps) {
  const id = useId()
  const [isShown, setIsShown] = useState(false)
  const note = error ?? hint
  return (
    <div className={fieldStyles.field}>
      <label htmlFor={id} className={fieldStyles.label}>
        {label}
      </label>
      <div className={styles.password}>
        <input
          {...input}
          id={id}
          type={isShown ? 'text' : 'password'}
          autoCapitalize="none"
          spellCheck={false}
          className={fieldStyles.input}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
        />
        <button
          type="button"
          className={styles.reveal}
          aria-label={isShown ? commonText.hidePassword : commonText.showPassword}
          aria-controls={id}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? commonText.hide : commonText.show}
        </button>
      </div>
      {note !== undefined && (
        <div id={`${id}-note`} className={error === undefined ? fieldStyles.hint : fieldStyles.error}>
          {note}
        </div>
      )}
    </div>
  )
}
