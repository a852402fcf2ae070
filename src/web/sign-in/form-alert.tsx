/** @jsxImportSource preact */
import type { FormFailure } from './form-failure.ts'
import { waitClock, waitDuration } from './format-wait.ts'
import styles from './sign-in.module.css'
import { waitText } from './text-sign-in.ts'
import type { Countdown } from './use-countdown.ts'

/** One form is shown at a time, with one place for what went wrong. */
export const FORM_ALERT = 'form-alert'

interface FormAlertProps {
  failure: FormFailure | null
  countdown: Countdown
}

/** What went wrong with the form, and how long to wait. Its place is kept free, so that a message moves little. */
export function FormAlert({ failure, countdown }: FormAlertProps) {
  // Once the wait is over, what it was for needs no telling.
  const told = failure?.waitSeconds != null && countdown.secondsLeft === 0 ? null : failure
  return (
    <div class={styles.messages}>
      <p id={FORM_ALERT} role="alert" class={told?.isCalm === true ? styles.calm : styles.error}>
        {told?.message}
      </p>
      <Wait countdown={countdown} />
    </div>
  )
}

/** Seconds for eyes; for ears the beginning and the end alone. */
function Wait({ countdown: { secondsLeft, secondsAtStart } }: { countdown: Countdown }) {
  const isWaiting = secondsLeft > 0
  return (
    <>
      {isWaiting && (
        <p class={styles.countdown} aria-hidden="true">
          {waitText.left(waitClock(secondsLeft))}
        </p>
      )}
      <p role="status" class={isWaiting || secondsAtStart === 0 ? 'visually-hidden' : styles.calm}>
        {secondsAtStart > 0 && (isWaiting ? waitText.begins(waitDuration(secondsAtStart)) : waitText.over)}
      </p>
    </>
  )
}
