import { useEffect, useState } from 'react'
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

/**
 * Prompts that are not in the conversation yet: on their way to the server, or queued behind the running turn. Without
 * a running turn a queued prompt is about to begin one, and stands in the transcript already.
 */
export function WaitingPrompts({ sessionId, outgoing }: WaitingPromptsProps) {
  const queued = useSessionView(sessionId, selectQueued)
  const isRunning = useSessionView(sessionId, isTurnRunning)
  const connection = useConnectionState()
  // What the log already tells is told once.
  const known = new Set(queued.map((prompt) => prompt.clientId))
  const unsent = outgoing.filter((prompt) => !known.has(prompt.clientId))
  const shown = isRunning ? queued : []
  if (unsent.length === 0 && shown.length === 0) return null
  return (
    <ul className={styles.waiting} aria-label={composerText.waitingPrompts}>
      {shown.map((prompt) => (
        <Chip key={prompt.id} state={composerText.queued} text={textOf(prompt)} />
      ))}
      {unsent.map((prompt) => (
        <SlowChip key={prompt.clientId} state={connection === 'open' ? composerText.sending : composerText.offline} text={prompt.text} />
      ))}
    </ul>
  )
}

function selectQueued(view: SessionView): readonly PromptItem[] {
  return view.queued
}

function isTurnRunning(view: SessionView): boolean {
  return view.turn !== null
}

/** So long a prompt may be on its way before that is worth a word. */
const SLOW_AFTER_MS = 400

function SlowChip(props: { state: string; text: string }) {
  const [isSlow, setIsSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), SLOW_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return isSlow ? <Chip {...props} /> : null
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
