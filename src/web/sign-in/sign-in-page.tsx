/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks'
import type { AuthStatus } from '#protocol/auth'
import { messageOf } from '../lib/api-error.ts'
import { fetchAuthStatus } from '../lib/auth-status.ts'
import { requestText, signInText } from '../lib/text.ts'
import { continueToApp } from './continue-to-app.ts'
import { SetupForm } from './setup-form.tsx'
import { SignInForm } from './sign-in-form.tsx'
import styles from './sign-in.module.css'

type Loaded = { step: 'loading' } | { step: 'failed'; message: string } | { step: 'form'; status: AuthStatus }

/** Asks the server what is needed here: the first account, or a login. */
export function SignInPage() {
  const [loaded, setLoaded] = useState<Loaded>({ step: 'loading' })

  async function load(): Promise<void> {
    try {
      const status = await fetchAuthStatus()
      if (status.authenticated && continueToApp()) return
      setLoaded({ step: 'form', status })
    } catch (failure) {
      setLoaded({ step: 'failed', message: messageOf(failure) })
    }
  }

  useEffect(() => {
    void load()
  }, [])

  return (
    <main class={styles.page}>
      <header class={styles.head}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1 class={styles.product}>{signInText.product}</h1>
        <p class={styles.host}>{hostLine(location)}</p>
      </header>
      <section class={styles.card} aria-live="polite" aria-busy={loaded.step === 'loading'}>
        <Step loaded={loaded} onRetry={() => void load()} />
      </section>
    </main>
  )
}

/** Where one is, and whether others on the way can read along. */
function hostLine({ host, protocol }: Location): string {
  if (protocol === 'https:') return signInText.hostSecure(host)
  return window.isSecureContext ? signInText.hostHere(host) : signInText.hostOpen(host)
}

function Step({ loaded, onRetry }: { loaded: Loaded; onRetry: () => void }) {
  if (loaded.step === 'loading') return <p class={styles.loading}>{signInText.loading}</p>
  if (loaded.step === 'failed') {
    return (
      <div class={styles.form}>
        <p role="alert" class={styles.error}>
          {loaded.message}
        </p>
        <button type="button" class={styles.submit} onClick={onRetry}>
          {requestText.retry}
        </button>
      </div>
    )
  }
  const { needsSetup, demo } = loaded.status
  return (
    <>
      <h2 class={styles.title}>{needsSetup ? signInText.setupTitle : signInText.signInTitle}</h2>
      {demo && <p class={styles.hint}>{signInText.demo}</p>}
      {needsSetup ? <SetupForm /> : <SignInForm />}
    </>
  )
}
