/** @jsxImportSource preact */
import { enter } from './enter.ts'
import { setupMistake } from './form-rules.ts'
import { NewAccountFields } from './new-account-fields.tsx'
import styles from './sign-in.module.css'
import { StepForm } from './step-form.tsx'
import { TextField } from './text-field.tsx'
import { formText, setupText } from './text-sign-in.ts'
import { textOf, useSending } from './use-sending.ts'

/** The form for the first account. @param setupCode of the link; empty without one */
export function SetupForm({ setupCode }: { setupCode: string }) {
  const sending = useSending()
  const { failure } = sending

  function submit(form: HTMLFormElement) {
    const body = {
      username: textOf(form, 'username').trim(),
      password: textOf(form, 'password'),
      setupCode: textOf(form, 'setupCode').trim(),
    }
    void sending.run(() => enter('/api/auth/register', body), { form, mistake: setupMistake(body) })
  }

  return (
    <StepForm
      title={setupText.title}
      sending={sending}
      failure={failure?.field === 'password' ? null : failure}
      action={formText.create}
      actionUnderWay={formText.creating}
      onSubmit={submit}
    >
      <p class={styles.hint}>{setupText.intro}</p>
      <NewAccountFields sending={sending} />
      <TextField
        name="setupCode"
        label={setupText.setupCode}
        hint={setupText.setupCodeHint}
        autocomplete="off"
        defaultValue={setupCode}
        isWrong={failure?.field === 'setupCode'}
        isCode
      />
    </StepForm>
  )
}
