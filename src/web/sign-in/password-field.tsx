/** @jsxImportSource preact */
import { useId, useRef, useState } from 'preact/hooks'
import { signInText } from '../lib/text.ts'
import styles from './sign-in.module.css'

interface PasswordFieldProps {
  label: string
  hint?: string
  autocomplete: 'current-password' | 'new-password'
}

/** A password that can be shown while it is typed. */
export function PasswordField({ label, hint, autocomplete }: PasswordFieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isShown, setIsShown] = useState(false)

  function toggle() {
    // Set on the element itself: what was typed, and where the cursor stood, stay as they are.
    if (input.current !== null) input.current.type = isShown ? 'password' : 'text'
    setIsShown(!isShown)
  }

  return (
    <div class={styles.field}>
      <label for={id}>{label}</label>
      <div class={styles.password}>
        <input
          id={id}
          ref={input}
          class={styles.input}
          name="password"
          type="password"
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        />
        <button
          type="button"
          class={styles.reveal}
          aria-label={isShown ? signInText.hidePassword : signInText.showPassword}
          aria-controls={id}
          onClick={toggle}
        >
          {isShown ? signInText.hide : signInText.show}
        </button>
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} class={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}
