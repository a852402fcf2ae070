import { lazy, Suspense, useState } from 'react'
import type { ModelOption, PermissionMode } from '#protocol/providers'
import type { SessionView } from '#protocol/session-reducer'
import type { Session } from '#protocol/sessions'
import { messageOf } from '../lib/api-error.ts'
import { useProviders, useUpdateSession } from '../lib/server-queries.ts'
import { useSessionRights } from '../lib/session-rights.ts'
import { useSessionView } from '../lib/session-store.ts'
import { sessionText } from '../lib/text.ts'
import { Select } from '../ui/select.tsx'
import styles from './conversation-controls.module.css'
import { useSignedIn } from './signed-in-context.ts'
import { useCan } from './use-can.ts'

const SKIP = 'bypassPermissions'

const SkipDialog = lazy(async () => ({ default: (await import('./skip-dialog.tsx')).SkipDialog }))

/** How much a session may do by itself, and with which model. */
export function ConversationControls({ session }: { session: Session }) {
  const { maySteer } = useSessionRights()
  return maySteer ? <Pickers session={session} /> : <Facts session={session} />
}

/** For whoever may only watch. */
function Facts({ session }: { session: Session }) {
  const { modes, models } = useChoices(session)
  const mode = modes.find(({ value }) => value === session.mode)?.label
  const model = models.find(({ value }) => value === (session.model ?? ''))?.label
  return (
    <p className={styles.facts}>
      {mode} · {model}
    </p>
  )
}

function Pickers({ session }: { session: Session }) {
  const [isAskingToSkip, setIsAskingToSkip] = useState(false)
  const { status } = useSignedIn()
  const maySkip = useCan('admin') && !status.platformMode
  const { mutate: update, isPending, error } = useUpdateSession(session.id)
  const { modes, models } = useChoices(session)
  return (
    <div className={styles.controls}>
      {error !== null && (
        <span role="alert" className={styles.error} title={messageOf(error)}>
          {messageOf(error)}
        </span>
      )}
      <Select
        className={styles.choice}
        label={sessionText.mode}
        value={session.mode}
        options={maySkip ? withMode(modes, SKIP) : modes}
        disabled={isPending}
        onChange={(mode) => (mode === SKIP ? setIsAskingToSkip(true) : update({ mode }))}
      />
      <Select
        className={styles.choice}
        label={sessionText.model}
        value={session.model ?? ''}
        options={models}
        disabled={isPending}
        onChange={(model) => update({ model: model || null })}
      />
      <Suspense fallback={null}>{isAskingToSkip && <SkipDialog session={session} onClose={() => setIsAskingToSkip(false)} />}</Suspense>
    </div>
  )
}

/** What the running agent offers, else what its provider does; always with what is chosen. */
function useChoices(session: Session) {
  const { data: providers = [] } = useProviders()
  const provider = providers.find((candidate) => candidate.id === session.provider)
  const liveModels = useSessionView(session.id, modelsOf)
  const liveModes = useSessionView(session.id, modesOf)
  const modes = (liveModes.length > 0 ? liveModes : (provider?.modes ?? [])).map(({ id, name }) => ({ value: id, label: name }))
  const models = modelChoices(liveModels.length > 0 ? liveModels : (provider?.models ?? []), session.model)
  return { modes: withMode(modes, session.mode), models }
}

function withMode(modes: { value: PermissionMode; label: string }[], mode: PermissionMode) {
  return modes.some((option) => option.value === mode)
    ? modes
    : [...modes, { value: mode, label: mode === SKIP ? sessionText.skipApprovals : mode }]
}

function modelChoices(models: readonly ModelOption[], model: string | null) {
  const options = [{ value: '', label: sessionText.defaultModel }, ...models.map(({ id, name }) => ({ value: id, label: name }))]
  const isListed = model === null || options.some((option) => option.value === model)
  return isListed ? options : [...options, { value: model, label: model }]
}

const modelsOf = (view: SessionView) => view.models
const modesOf = (view: SessionView) => view.modes
