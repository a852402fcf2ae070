/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { FormAlert } from './form-alert.tsx'
import type { FormFailure } from './form-failure.ts'
import styles from './sign-in.module.css'
import { STEP_TITLE, StepTitle } from './step-title.tsx'
import type { Countdown } from './use-countdown.ts'
import type { Sending } from './use-sending.ts'

interface StepFormProps {
  title: string
  sending: Sending
  /** What the form tells; by default all that `sending` tells. */
  failure?: FormFailure | null
  /** The wait that the form tells; by default that of `sending`. */
  countdown?: Countdown
  action: string
  actionUnderWay: string
  onSubmit: (form: HTMLFormElement) => void
  children: ComponentChildren
  /** Other ways, under the button. */
  footer?: ComponentChildren
}

/** A step of the page: fields, what went wrong, and the one button that goes on. */
export function StepForm({ title, sending, action, actionUnderWay, onSubmit, children, footer, ...told }: StepFormProps) {
  const { isSending } = sending
  const { failure = sending.failure, countdown = sending.countdown } = told
  return (
    <form
      class={styles.form}
      method="post"
      noValidate
      aria-labelledby={STEP_TITLE}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(event.currentTarget)
      }}
    >
      <StepTitle>{title}</StepTitle>
      {children}
      <FormAlert failure={failure} countdown={countdown} />
      {/* Not `disabled`, which would take the focus away. */}
      <button type="submit" class={styles.submit} aria-disabled={isSending || sending.countdown.secondsLeft > 0}>
        {isSending ? actionUnderWay : action}
      </button>
      {footer}
    </form>
  )
}
