/** @jsxImportSource preact */
import type { FactorRequest } from '#protocol/factors'
import { hasPasskeys } from '../lib/passkeys.ts'
import { enter, enterWithPasskey, factorRequestOf } from './enter.ts'
import { signInMistake } from './form-rules.ts'
import { PasswordField } from './password-field.tsx'
import styles from './sign-in.module.css'
import { StepForm } from './step-form.tsx'
import { TextField } from './text-field.tsx'
import { formText, signInText } from './text-sign-in.ts'
import type { Sending } from './use-sending.ts'
import { textOf, useSending } from './use-sending.ts'

/** Name and password that were right, and what the server wants in addition. */
export interface HalfWay {
  username: string
  password: string
  request: FactorRequest
}

interface SignInFormProps {
  username: string
  /** Why name and password are asked for again; null at first. */
  message: string | null
  onFactor: (halfWay: HalfWay) => void
}

export function SignInForm({ username, message, onFactor }: SignInFormProps) {
  const sending = useSending(message)
  const passkey = useSending()
  const failure = passkey.failure ?? sending.failure

  function submit(form: HTMLFormElement) {
    const body = { username: textOf(form, 'username').trim(), password: textOf(form, 'password') }
    passkey.clear()
    void sending.run(() => enterOrAsk(body, onFactor), { form, mistake: signInMistake(body) })
  }

  return (
    <StepForm
      title={signInText.title}
      sending={sending}
      failure={failure}
      countdown={passkey.failure?.waitSeconds == null ? sending.countdown : passkey.countdown}
      action={signInText.signIn}
      actionUnderWay={signInText.signingIn}
      onSubmit={submit}
      footer={hasPasskeys() && <PasskeyButton passkey={passkey} onStart={sending.clear} />}
    >
      <TextField
        name="username"
        label={formText.username}
        autocomplete="username"
        defaultValue={username}
        isFocusedFirst={username === ''}
        isWrong={failure?.field === 'username'}
      />
      <PasswordField
        label={formText.password}
        autocomplete="current-password"
        isFocusedFirst={username !== ''}
        isWrong={failure?.field === 'password'}
      />
    </StepForm>
  )
}

function PasskeyButton({ passkey, onStart }: { passkey: Sending; onStart: () => void }) {
  return (
    <>
      <p class={styles.or} aria-hidden="true">
        {signInText.or}
      </p>
      <button
        type="button"
        class={styles.secondary}
        aria-disabled={passkey.isSending || passkey.countdown.secondsLeft > 0}
        onClick={() => {
          onStart()
          void passkey.run(enterWithPasskey)
        }}
      >
        {passkey.isSending ? signInText.passkeyWaiting : signInText.passkey}
      </button>
    </>
  )
}

async function enterOrAsk(body: { username: string; password: string }, onFactor: (halfWay: HalfWay) => void): Promise<void> {
  try {
    await enter('/api/auth/login', body)
  } catch (error) {
    const request = factorRequestOf(error)
    if (request === null) throw error
    onFactor({ ...body, request })
  }
}
