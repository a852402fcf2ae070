import ArrowUp from 'lucide-react/icons/arrow-up'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { ProjectId } from '#protocol/ids'
import type { PermissionMode, ProviderStatus } from '#protocol/providers'
import { messageOf } from '../../lib/api-error.ts'
import { useProviders } from '../../lib/server-queries.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { problemOf } from './check-prompt.ts'
import styles from './composer.module.css'
import { AgentPicker, ModelPicker, ModePicker } from './pickers.tsx'
import { PromptField } from './prompt-field.tsx'
import { composerText, newSessionText } from './text-composer.ts'
import { useDraft } from './use-draft.ts'
import { useStartSession } from './use-start-session.ts'

/** Where a session begins: the first prompt, which agent, how much it may do, and with which model. */
export function NewSessionScreen({ projectId }: { projectId: ProjectId }) {
  const providers = useProviders()
  if (providers.data === undefined) {
    return (
      <div className={styles.start}>
        {providers.isError ? (
          <Notice
            tone="negative"
            title={newSessionText.failed}
            action={<Button onClick={() => void providers.refetch()}>{newSessionText.retry}</Button>}
          >
            {messageOf(providers.error)}
          </Notice>
        ) : (
          <Skeleton label={newSessionText.loading} />
        )}
      </div>
    )
  }
  return <StartForm projectId={projectId} providers={providers.data} />
}

interface StartFormProps {
  projectId: ProjectId
  providers: readonly ProviderStatus[]
}

function StartForm({ projectId, providers }: StartFormProps) {
  const [, navigate] = useLocation()
  const [text, setText] = useDraft(`new:${projectId}`)
  const [refusal, setRefusal] = useState<string | null>(null)
  const { provider, mode, model, choose } = useChoices(providers)
  const start = useStartSession((sessionId) => {
    setText('')
    navigate(`/sessions/${sessionId}`)
  })

  const canStart = isReady(provider) && text.trim() !== '' && !start.isPending

  function startSession() {
    if (provider === undefined || !canStart) return
    const problem = problemOf(text)
    setRefusal(problem)
    if (problem === null) start.mutate({ provider: provider.id, projectId, prompt: text, mode, model })
  }

  return (
    <form
      className={styles.start}
      onSubmit={(event) => {
        event.preventDefault()
        startSession()
      }}
    >
      <h2 className={styles.startTitle}>{newSessionText.title}</h2>
      <div className={styles.box}>
        <PromptField
          ref={focusWithKeyboard}
          text={text}
          placeholder={composerText.placeholder(provider?.name ?? newSessionText.agent)}
          onChange={setText}
          onSend={startSession}
          error={refusal ?? errorWords(start.error)}
          disabled={start.isPending}
        />
        <div className={styles.foot}>
          <Choices providers={providers} provider={provider} mode={mode} model={model} choose={choose} />
          <Button type="submit" variant="primary" disabled={!canStart}>
            <ArrowUp size={16} aria-hidden />
            {start.isPending ? newSessionText.starting : newSessionText.start}
          </Button>
        </div>
      </div>
      <Lacks provider={provider} />
    </form>
  )
}

function isReady(provider: ProviderStatus | undefined): boolean {
  return provider?.ready === true
}

function errorWords(error: Error | null): string | null {
  return error === null ? null : messageOf(error)
}

function Lacks({ provider }: { provider: ProviderStatus | undefined }) {
  if (provider === undefined || provider.ready) return null
  return <Notice title={newSessionText.notReady(provider.name)}>{provider.lacks ?? ''}</Notice>
}

/** Whoever comes here wants to write; on a touch screen the keyboard would cover what there is to choose. */
function focusWithKeyboard(field: HTMLTextAreaElement | null): void {
  if (field !== null && !matchMedia('(pointer: coarse)').matches) field.focus()
}

interface Chosen {
  providerId: string | null
  mode: PermissionMode | null
  model: string | null
}

/** What is chosen, or else what suits: the first agent that is ready, its first mode, its own model. */
function useChoices(providers: readonly ProviderStatus[]) {
  const [chosen, setChosen] = useState<Chosen>({ providerId: null, mode: null, model: null })
  const provider =
    providers.find((candidate) => candidate.id === chosen.providerId) ?? providers.find((candidate) => candidate.ready) ?? providers[0]
  return {
    provider,
    mode: chosen.mode ?? provider?.modes[0]?.id ?? 'default',
    model: chosen.model,
    choose: (change: Partial<Chosen>) => setChosen((before) => ({ ...before, ...change })),
  }
}

interface ChoicesProps {
  providers: readonly ProviderStatus[]
  provider: ProviderStatus | undefined
  mode: PermissionMode
  model: string | null
  choose: (change: Partial<Chosen>) => void
}

function Choices({ providers, provider, mode, model, choose }: ChoicesProps) {
  if (provider === undefined) return null
  return (
    <div className={styles.choices}>
      {providers.length > 1 && (
        <AgentPicker value={provider.id} options={providers} onChange={(providerId) => choose({ providerId, mode: null, model: null })} />
      )}
      <ModePicker value={mode} options={provider.modes} onChange={(next) => choose({ mode: next })} />
      <ModelPicker value={model} options={provider.models} onChange={(next) => choose({ model: next })} />
    </div>
  )
}
