/** @jsxImportSource preact */
import { useCallback, useRef } from 'preact/hooks'
import { NewPasswordField } from './new-password-field.tsx'
import styles from './sign-in.module.css'
import { TextField } from './text-field.tsx'
import { formText } from './text-sign-in.ts'
import type { Sending } from './use-sending.ts'
import { textOf } from './use-sending.ts'

/** Name and password of an account that is made here. What is wrong with the password is told at its field. */
export function NewAccountFields({ sending: { failure, clear } }: { sending: Sending }) {
  const fields = useRef<HTMLDivElement>(null)
  const usernameOf = useCallback(() => {
    const form = fields.current?.closest('form')
    return form ? textOf(form, 'username').trim() : ''
  }, [])

  return (
    <div ref={fields} class={styles.fields}>
      <TextField
        name="username"
        label={formText.username}
        autocomplete="username"
        maxLength={64}
        isFocusedFirst
        isWrong={failure?.field === 'username'}
      />
      <NewPasswordField
        usernameOf={usernameOf}
        refusal={failure?.field === 'password' ? failure : null}
        onInput={() => {
          if (failure?.field === 'password') clear()
        }}
      />
    </div>
  )
}
