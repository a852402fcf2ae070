import type { SessionId } from '#protocol/ids'
import type { PromptItem } from '#protocol/session-view/items'
import type { SessionView } from '#protocol/session-reducer'
import { useConnectionState } from '../../lib/connection.ts'
import { useSessionView } from '../../lib/session-store.ts'
import styles from './composer.module.css'
import { composerText } from './text-composer.ts'
import type { OutgoingPrompt } from './use-outgoing.ts'

interface WaitingPromptsProps {
  sessionId: SessionId
  outgoing: readonly OutgoingPrompt[]
}

/** Prompts that are not in the conversation yet: on their way to the server, or queued behind the running turn. */
export function WaitingPrompts({ sessionId, outgoing }: WaitingPromptsProps) {
  const queued = useSessionView(sessionId, selectQueued)
  const connection = useConnectionState()
  if (outgoing.length === 0 && queued.length === 0) return null
  // What the log already tells is told once.
  const known = new Set(queued.map((prompt) => prompt.clientId))
  return (
    <ul className={styles.waiting} aria-label={composerText.waitingPrompts}>
      {queued.map((prompt) => (
        <Chip key={prompt.id} state={composerText.queued} text={textOf(prompt)} />
      ))}
      {outgoing
        .filter((prompt) => !known.has(prompt.clientId))
        .map((prompt) => (
          <Chip key={prompt.clientId} state={connection === 'open' ? composerText.sending : composerText.offline} text={prompt.text} />
        ))}
    </ul>
  )
}

function selectQueued(view: SessionView): readonly PromptItem[] {
  return view.queued
}

function textOf(prompt: PromptItem): string {
  return prompt.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function Chip({ state, text }: { state: string; text: string }) {
  return (
    <li className={styles.chip}>
      <span className={styles.chipState}>{state}</span>
      <span className={styles.chipText} title={text}>
        {text}
      </span>
    </li>
  )
}
