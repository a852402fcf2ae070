import { useState } from 'react'
import type { ClientId, SessionId } from '#protocol/ids'
import { messageOf } from '../../lib/api-error.ts'
import { useConnection } from '../../lib/connection.ts'
import { problemOf } from './check-prompt.ts'
import { newClientId } from './new-client-id.ts'

/** A prompt that the server does not have yet. */
export interface OutgoingPrompt {
  clientId: ClientId
  text: string
}

interface Outgoing {
  prompts: readonly OutgoingPrompt[]
  /** Why the last prompt was not sent. */
  error: string | null
  /** Sends the prompt. False: it was refused here, and nothing happened to it. */
  send: (text: string) => boolean
}

/** Sends prompts of a session; what the server refuses is handed back to `restore`. */
export function useOutgoing(sessionId: SessionId, restore: (text: string) => void): Outgoing {
  const connection = useConnection()
  const [prompts, setPrompts] = useState<readonly OutgoingPrompt[]>([])
  const [error, setError] = useState<string | null>(null)

  function send(text: string): boolean {
    const problem = problemOf(text)
    setError(problem)
    if (problem !== null) return false
    const clientId = newClientId()
    setPrompts((known) => [...known, { clientId, text }])
    const forget = () => setPrompts((known) => known.filter((prompt) => prompt.clientId !== clientId))
    connection.prompt({ clientId, sessionId, prompt: text }).then(forget, (failure: unknown) => {
      forget()
      setError(messageOf(failure))
      restore(text)
    })
    return true
  }

  return { prompts, error, send }
}
