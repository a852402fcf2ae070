import { useMutation } from '@tanstack/react-query'
import type { ProjectId, ProviderId, SessionId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import { useConnection } from '../../lib/connection.ts'
import { newClientId } from './new-client-id.ts'

export interface NewSession {
  provider: ProviderId
  projectId: ProjectId
  prompt: string
  mode: PermissionMode
  /** Null: the agent's default. */
  model: string | null
}

/** Starts a session with its first prompt; `onStarted` gets its id. */
export function useStartSession(onStarted: (sessionId: SessionId) => void) {
  const connection = useConnection()
  return useMutation({
    // It waits for the connection by itself.
    networkMode: 'always',
    mutationFn: ({ provider, projectId, prompt, mode, model }: NewSession) =>
      connection.startSession({
        clientId: newClientId(),
        provider,
        projectId,
        prompt,
        options: { mode, ...(model === null ? {} : { model }) },
      }),
    onSuccess: ({ sessionId }) => onStarted(sessionId),
  })
}
