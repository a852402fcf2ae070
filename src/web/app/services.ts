import { QueryClient } from '@tanstack/react-query'
import { WsTicket } from '#protocol/auth'
import { ApiError } from '../lib/api-error.ts'
import { api } from '../lib/api.ts'
import { authToken } from '../lib/auth-token.ts'
import { appAddress } from '../lib/base-path.ts'
import { browserSocket } from '../lib/browser-socket.ts'
import { keepListsLive } from '../lib/live-updates.ts'
import { SessionStores } from '../lib/session-store.ts'
import { SocketConnection } from '../lib/socket-connection.ts'

const STALE_AFTER_MS = 60_000
const RETRIES = 2

export interface Services {
  connection: SocketConnection
  queryClient: QueryClient
  sessionStores: SessionStores
}

/** Everything that lives as long as the page. */
export function createServices(): Services {
  const connection = new SocketConnection({
    openSocket: async () => {
      const { ticket } = await api.post('/api/auth/ws-ticket', {}, WsTicket)
      return browserSocket(socketUrl(ticket))
    },
    renewLogin: () => authToken.refresh(),
  })
  const queryClient = new QueryClient({
    defaultOptions: {
      // The server is often on this machine: what the browser says of the network says nothing about it.
      queries: {
        networkMode: 'always',
        staleTime: STALE_AFTER_MS,
        retry: (failures, error) => failures < RETRIES && isWorthRetrying(error),
      },
      mutations: { networkMode: 'always' },
    },
  })
  return { connection, queryClient, sessionStores: new SessionStores(connection) }
}

/** Connects, and reconnects whenever the browser says that it is worth a try. Returns how to stop. */
export function startServices({ connection, queryClient }: Services): () => void {
  const wake = () => {
    if (document.visibilityState === 'visible') connection.wake()
  }
  const warn = (event: BeforeUnloadEvent) => {
    if (connection.hasUnsent) event.preventDefault()
  }
  const stopLists = keepListsLive(connection, queryClient)
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('beforeunload', warn)
  connection.start()
  return () => {
    stopLists()
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', wake)
    window.removeEventListener('beforeunload', warn)
    connection.stop()
  }
}

function socketUrl(ticket: string): string {
  return `${appAddress().replace(/^http/, 'ws')}/ws?ticket=${encodeURIComponent(ticket)}`
}

function isWorthRetrying(error: Error): boolean {
  return error instanceof ApiError && (error.code === 'NETWORK' || error.status >= 500)
}
