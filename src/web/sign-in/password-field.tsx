/** @jsxImportSource preact */
import { useLayoutEffect, useId, useRef, useState } from 'preact/hooks'
import styles from './sign-in.module.css'
import { describedBy } from './text-field.tsx'
import { formText } from './text-sign-in.ts'

interface PasswordFieldProps {
  label: string
  /** Id of the element that says more. */
  hintId?: string
  name?: string
  autocomplete: 'current-password' | 'new-password' | 'off'
  isFocusedFirst?: boolean
  isWrong?: boolean
  onInput?: (password: string) => void
}

/** A password that can be shown while it is typed. */
export function PasswordField({
  label,
  hintId,
  name = 'password',
  autocomplete,
  isFocusedFirst = false,
  isWrong = false,
  onInput,
}: PasswordFieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isShown, setIsShown] = useState(false)

  useLayoutEffect(() => {
    if (isFocusedFirst) input.current?.focus()
  }, [isFocusedFirst])

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
          name={name}
          type="password"
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby={describedBy(hintId ?? null, isWrong)}
          onInput={(event) => onInput?.(event.currentTarget.value)}
        />
        <button
          type="button"
          class={styles.reveal}
          aria-label={isShown ? formText.hidePassword : formText.showPassword}
          aria-controls={id}
          onClick={toggle}
        >
          {isShown ? formText.hide : formText.show}
        </button>
      </div>
    </div>
  )
}
