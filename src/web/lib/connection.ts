import { createContext, useContext, useSyncExternalStore } from 'react'
import type { ApprovalDecision, ApprovalResolution } from '#protocol/approvals'
import type { RequestId, SessionId } from '#protocol/ids'
import type { ServerMessage, SessionPrompt, SessionStart } from '#protocol/messages'

/** `closed` means that nobody tries any more; the others are on their way or there. */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'closed'

/** The page's one WebSocket to the server. */
export interface Connection {
  readonly state: ConnectionState
  /** Calls `listener` after each change of `state`. Returns how to stop. */
  subscribeState(listener: () => void): () => void
  /** Calls `listener` with each message of the server, in order. Returns how to stop. */
  onMessage(listener: (message: ServerMessage) => void): () => void
  /** Asks for the session's events after `afterSeq()`, now and after every reconnect, until the returned function is called. */
  follow(sessionId: SessionId, afterSeq: () => number): () => void
  /** Resolves once the session exists. Sent as soon as there is a connection. Rejects with the server's sentence. */
  startSession(request: Omit<SessionStart, 'type'>): Promise<{ sessionId: SessionId }>
  /** Resolves once the server has the prompt. Sent as soon as there is a connection. Rejects with the server's sentence. */
  prompt(request: Omit<SessionPrompt, 'type'>): Promise<void>
  /** Ends the running turn; without a connection it does nothing. */
  interrupt(sessionId: SessionId): void
  /** Resolves once the server has confirmed the decision. Never queued: rejects at once without a connection. */
  decide(requestId: RequestId, decision: ApprovalDecision): Promise<ApprovalResolution>
}

export const ConnectionContext = createContext<Connection | null>(null)

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext)
  if (connection === null) throw new Error('useConnection needs a ConnectionContext above it')
  return connection
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection()
  return useSyncExternalStore(
    (listener) => connection.subscribeState(listener),
    () => connection.state,
  )
}
