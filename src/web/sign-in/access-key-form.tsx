/** @jsxImportSource preact */
import { isAccessKeyNeeded, storeAccessKey } from '../lib/access-key.ts'
import { fetchAuthStatus } from '../lib/auth-status.ts'
import { failureOf, type FormFailure, toFailure } from './form-failure.ts'
import { missing } from './form-rules.ts'
import { PasswordField } from './password-field.tsx'
import styles from './sign-in.module.css'
import { StepForm } from './step-form.tsx'
import { accessKeyText } from './text-sign-in.ts'
import { textOf, useSending } from './use-sending.ts'

/** Asks for the key of a server that was started with `API_KEY`, before anything else. */
export function AccessKeyForm({ onAccepted }: { onAccepted: () => void }) {
  const sending = useSending()

  async function tryKey(key: string): Promise<void> {
    storeAccessKey(key)
    try {
      await fetchAuthStatus()
    } catch (error) {
      if (isAccessKeyNeeded(error)) storeAccessKey(null)
      throw error
    }
    onAccepted()
  }

  function submit(form: HTMLFormElement) {
    const key = textOf(form, 'accessKey').trim()
    void sending.run(() => tryKey(key), { form, mistake: missing('accessKey', key, accessKeyText.missing), toldAs })
  }

  return (
    <StepForm
      title={accessKeyText.title}
      sending={sending}
      action={accessKeyText.go}
      actionUnderWay={accessKeyText.checking}
      onSubmit={submit}
    >
      <p class={styles.hint}>{accessKeyText.intro}</p>
      <PasswordField
        name="accessKey"
        label={accessKeyText.key}
        autocomplete="off"
        isFocusedFirst
        isWrong={sending.failure?.field === 'accessKey'}
      />
    </StepForm>
  )
}

function toldAs(error: unknown): FormFailure {
  return isAccessKeyNeeded(error) ? toFailure(accessKeyText.wrong, 'accessKey') : failureOf(error)
}
