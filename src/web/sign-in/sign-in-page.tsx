/** @jsxImportSource preact */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { ICON } from '../lib/base-path.ts'
import { takeFragment } from '../lib/link-fragment.ts'
import { takeLoginEnd } from '../lib/login-end.ts'
import type { Step } from './load-step.ts'
import { loadStep } from './load-step.ts'
import { LoginEndNotice } from './login-end-notice.tsx'
import styles from './sign-in.module.css'
import { StepView } from './step-view.tsx'
import { pageText } from './text-sign-in.ts'

/** Asks the server what is needed here, and goes through it step by step. */
export function SignInPage() {
  const [step, setStep] = useState<Step>({ name: 'loading' })
  const [invitation] = useState(() => takeFragment('invite'))
  const [setupCode] = useState(() => takeFragment('setup'))
  const [end] = useState(takeLoginEnd)

  const load = useCallback(() => {
    setStep({ name: 'loading' })
    void loadStep(invitation).then(setStep)
  }, [invitation])

  useEffect(load, [load])

  return (
    <main class={styles.page}>
      <header class={styles.head}>
        <img src={ICON} alt="" width="40" height="40" />
        <h1 class={styles.product}>{pageText.product}</h1>
        <p class={styles.host}>{hostLine(location)}</p>
        {'demo' in step && step.demo && <p class={styles.host}>{pageText.demo}</p>}
      </header>
      {step.name === 'sign-in' && end !== null && <LoginEndNotice end={end} />}
      <section class={styles.card} aria-busy={step.name === 'loading'}>
        <StepView step={step} setupCode={setupCode} onStep={setStep} onReload={load} />
      </section>
    </main>
  )
}

/** Where one is, and whether others on the way can read along. */
function hostLine({ host, protocol }: Location): string {
  if (protocol === 'https:') return pageText.hostSecure(host)
  return window.isSecureContext ? pageText.hostHere(host) : pageText.hostOpen(host)
}
