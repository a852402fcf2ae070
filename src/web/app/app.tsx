import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Router } from 'wouter'
import { messageOf } from '../lib/api-error.ts'
import type { SignedIn } from '../lib/auth-token.ts'
import { authToken } from '../lib/auth-token.ts'
import { BASE_PATH } from '../lib/base-path.ts'
import { ConnectionContext } from '../lib/connection.ts'
import { takeFragment } from '../lib/link-fragment.ts'
import { SessionStoresContext } from '../lib/session-store.ts'
import { requestText, shellText } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import styles from './app.module.css'
import { Routes } from './routes.tsx'
import type { Services } from './services.ts'
import { startServices } from './services.ts'
import { Shell } from './shell.tsx'
import { SignedInContext } from './signed-in-context.ts'

const InvitationScreen = lazy(async () => ({ default: (await import('./screens/invitation-screen.tsx')).InvitationScreen }))

type Start = { step: 'starting' } | { step: 'unreachable'; message: string } | { step: 'ready'; signedIn: SignedIn }

/** Signs in with the cookie, then shows the app; without a login the page is replaced by the sign-in page. */
export function App({ services }: { services: Services }) {
  const [start, setStart] = useState<Start>({ step: 'starting' })
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    authToken.start().then(
      (signedIn) => setStart({ step: 'ready', signedIn }),
      (error: unknown) => setStart({ step: 'unreachable', message: messageOf(error) }),
    )
  }, [attempt])

  function retry() {
    setStart({ step: 'starting' })
    setAttempt(attempt + 1)
  }

  if (start.step === 'starting') return <p className={styles.starting}>{shellText.starting}</p>
  if (start.step === 'unreachable') return <Unreachable message={start.message} onRetry={retry} />
  return <SignedInApp services={services} signedIn={start.signedIn} />
}

function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }) {
  useEffect(() => {
    window.addEventListener('online', onRetry)
    return () => window.removeEventListener('online', onRetry)
  }, [onRetry])

  return (
    <main role="alert">
      <EmptyState
        title={shellText.unreachable}
        action={
          <Button variant="primary" onClick={onRetry}>
            {requestText.retry}
          </Button>
        }
      >
        {message}
      </EmptyState>
    </main>
  )
}

function SignedInApp({ services, signedIn: { status, user: first } }: { services: Services; signedIn: SignedIn }) {
  const [user, setUser] = useState(first)
  const [invitation, setInvitation] = useState(() => takeFragment('invite'))
  const signedIn = useMemo(() => ({ status, user }), [status, user])
  useEffect(() => startServices(services), [services])
  useEffect(() => authToken.onUser(setUser), [])

  return (
    <SignedInContext value={signedIn}>
      <QueryClientProvider client={services.queryClient}>
        <ConnectionContext value={services.connection}>
          <SessionStoresContext value={services.sessionStores}>
            {invitation === '' ? (
              <Router base={BASE_PATH}>
                <Shell>
                  <Routes />
                </Shell>
              </Router>
            ) : (
              <Suspense fallback={null}>
                <InvitationScreen code={invitation} onStay={() => setInvitation('')} />
              </Suspense>
            )}
          </SessionStoresContext>
        </ConnectionContext>
      </QueryClientProvider>
    </SignedInContext>
  )
}
