import type { ReactNode } from 'react'
import type { ProviderStatus } from '#protocol/providers'
import { onboardingText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import type { StateTone } from '../../ui/state-mark.tsx'
import styles from './get-started.module.css'

interface GetStartedProps {
  /** Null where the server asks for no login. */
  username: string | null
  /** Null while it is not known. */
  providers: readonly ProviderStatus[] | null
  onAddProject: () => void
}

/** The first-run path: an account is there, an agent is found, and one thing is left to do. */
export function GetStarted({ username, providers, onAddProject }: GetStartedProps) {
  return (
    <section className={styles.start} aria-labelledby="get-started">
      <h2 id="get-started" className={styles.title}>
        {onboardingText.title}
      </h2>
      <ol className={styles.steps}>
        {username !== null && (
          <Step tone="done" title={onboardingText.account}>
            {onboardingText.accountDone(username)}
          </Step>
        )}
        <AgentStep providers={providers} />
        <Step tone="idle" title={onboardingText.project}>
          <span>{onboardingText.projectText}</span>
          <Button variant="primary" onClick={onAddProject}>
            {onboardingText.addProject}
          </Button>
        </Step>
      </ol>
    </section>
  )
}

function AgentStep({ providers }: { providers: readonly ProviderStatus[] | null }) {
  if (providers === null) {
    return (
      <Step tone="working" title={onboardingText.agents}>
        {onboardingText.agentsLoading}
      </Step>
    )
  }
  const isAnyReady = providers.some((provider) => provider.ready)
  return (
    <Step tone={isAnyReady ? 'done' : 'failed'} title={onboardingText.agents}>
      {providers.map((provider) => (
        <span key={provider.id}>{provider.ready ? onboardingText.agentReady(provider.name, provider.version) : provider.lacks}</span>
      ))}
    </Step>
  )
}

function Step({ tone, title, children }: { tone: StateTone; title: string; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <StateMark tone={tone} word={title} />
      <div className={styles.text}>{children}</div>
    </li>
  )
}
