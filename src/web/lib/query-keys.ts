import type { ProjectId, SessionId } from '#protocol/ids'

/** The names under which answers of the server are kept. */
export const queryKeys = {
  projects: ['projects'],
  /** All session lists begin with this. */
  sessionLists: ['session-lists'],
  sessions: (projectId: ProjectId | null) => ['session-lists', projectId],
  /** The details of every session begin with this. */
  anySession: ['session'],
  session: (sessionId: SessionId) => ['session', sessionId],
  providers: ['providers'],
  factors: ['factors'],
  logins: ['logins'],
  notices: ['notices'],
  apiKeys: ['api-keys'],
  users: ['users'],
  invitations: ['invitations'],
  policy: ['policy'],
  freeze: ['freeze'],
  folders: (path: string | null) => ['folders', path],
} as const
