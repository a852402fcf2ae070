/** @jsxImportSource preact */
import { signInText } from '../lib/text.ts'
import { signInMistake } from './form-rules.ts'
import { PasswordField } from './password-field.tsx'
import styles from './sign-in.module.css'
import { TextField } from './text-field.tsx'
import { textOf, useSubmit } from './use-submit.ts'

export function SignInForm() {
  const { isSending, error, submit } = useSubmit()
  return (
    <form
      class={styles.form}
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        const body = { username: textOf(form, 'username').trim(), password: textOf(form, 'password') }
        void submit(form, { path: '/api/auth/login', body, mistake: signInMistake(body) })
      }}
    >
      <TextField name="username" label={signInText.username} autocomplete="username" isFocusedFirst />
      <PasswordField label={signInText.password} autocomplete="current-password" />
      <p role="alert" class={styles.error}>
        {error}
      </p>
      <button type="submit" class={styles.submit} disabled={isSending}>
        {isSending ? signInText.signingIn : signInText.signIn}
      </button>
    </form>
  )
}
