/** @jsxImportSource preact */
import type { LoginEnd } from '../lib/login-end.ts'
import styles from './login-end-notice.module.css'
import { endText } from './text-sign-in.ts'

/** Says how the last login ended, where that was not the person's own doing here. */
export function LoginEndNotice({ end }: { end: LoginEnd }) {
  if (end === 'ended') {
    return (
      <p role="status" class={styles.notice}>
        {endText.ended}
      </p>
    )
  }
  return (
    <section role="alert" class={styles.warning}>
      <h2 class={styles.warningTitle}>
        <span aria-hidden="true">⚠</span> {endText.reusedTitle}
      </h2>
      <p>{endText.reused}</p>
      <ol class={styles.steps}>
        {endText.reusedSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  )
}
