/** @jsxImportSource preact */
import { useId, useState } from 'preact/hooks'
import type { MeterView } from '../lib/password-meter.ts'
import { meterView } from '../lib/password-meter.ts'
import type { FormFailure } from './form-failure.ts'
import { PasswordField } from './password-field.tsx'
import styles from './new-password-field.module.css'
import { formText } from './text-sign-in.ts'
import { usePause } from './use-pause.ts'
import { useStrength } from './use-strength.ts'

const ANNOUNCED_AFTER_MS = 1000
const STEPS = [1, 2, 3, 4]

interface NewPasswordFieldProps {
  /** Known to everyone, so that it makes no password stronger. Must not change between renders. */
  usernameOf: () => string
  /** Why the server or the form refused the password. */
  refusal: FormFailure | null
  onInput: () => void
}

/** A password that somebody chooses, with how strong it is. */
export function NewPasswordField({ usernameOf, refusal, onInput }: NewPasswordFieldProps) {
  const id = useId()
  const [password, setPassword] = useState('')
  const view = meterView(password, useStrength(password, usernameOf))
  const spoken = usePause(password === '' ? '' : `${view.word} ${view.advice}`, ANNOUNCED_AFTER_MS)

  return (
    <div class={styles.newPassword}>
      <PasswordField
        label={formText.newPassword}
        autocomplete="new-password"
        hintId={id}
        isWrong={refusal !== null}
        onInput={(text) => {
          setPassword(text)
          onInput()
        }}
      />
      <div id={id} class={styles.meter}>
        <Bar view={view} />
        {refusal === null ? (
          <>
            <p class={toneClass(view)}>{view.word}</p>
            <p class={styles.hint}>{view.advice}</p>
          </>
        ) : (
          <Refusal refusal={refusal} />
        )}
      </div>
      <p role="status" class="visually-hidden">
        {refusal === null ? spoken : ''}
      </p>
    </div>
  )
}

function Bar({ view }: { view: MeterView }) {
  return (
    <div class={styles.bar} data-tone={view.tone} aria-hidden="true">
      {STEPS.map((step) => (
        <span key={step} class={step <= view.steps ? styles.filled : styles.step} />
      ))}
    </div>
  )
}

function Refusal({ refusal: { message, suggestions } }: { refusal: FormFailure }) {
  return (
    <div role="alert">
      <p class={styles.refusal}>{message}</p>
      {suggestions
        .filter((suggestion) => !message.includes(suggestion))
        .map((suggestion) => (
          <p key={suggestion} class={styles.hint}>
            {suggestion}
          </p>
        ))}
    </div>
  )
}

function toneClass({ tone }: MeterView): string | undefined {
  if (tone === 'neutral') return styles.hint
  return tone === 'good' ? styles.good : styles.weak
}
