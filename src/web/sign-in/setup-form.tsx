/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { signInText } from '../lib/text.ts'
import { setupMistake } from './form-rules.ts'
import { PasswordField } from './password-field.tsx'
import { takeSetupCode } from './setup-code.ts'
import styles from './sign-in.module.css'
import { TextField } from './text-field.tsx'
import { textOf, useSubmit } from './use-submit.ts'

/** The form for the first account. */
export function SetupForm() {
  const { isSending, error, submit } = useSubmit()
  const [setupCode] = useState(takeSetupCode)
  return (
    <form
      class={styles.form}
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        const body = {
          username: textOf(form, 'username').trim(),
          password: textOf(form, 'password'),
          setupCode: textOf(form, 'setupCode').trim(),
        }
        void submit(form, { path: '/api/auth/register', body, mistake: setupMistake(body) })
      }}
    >
      <TextField name="username" label={signInText.username} autocomplete="username" isFocusedFirst />
      <PasswordField label={signInText.newPassword} hint={signInText.passwordHint} autocomplete="new-password" />
      <TextField
        name="setupCode"
        label={signInText.setupCode}
        hint={signInText.setupCodeHint}
        autocomplete="one-time-code"
        defaultValue={setupCode}
      />
      <p role="alert" class={styles.error}>
        {error}
      </p>
      <button type="submit" class={styles.submit} disabled={isSending}>
        {isSending ? signInText.creating : signInText.create}
      </button>
    </form>
  )
}
