import type { QueryClient } from '@tanstack/react-query'
import type { FreezeState } from '#protocol/approvals'
import type { ProjectId, SessionId } from '#protocol/ids'
import type { AccountNotice } from '#protocol/logins'
import type { ServerMessage } from '#protocol/messages'
import type { Project } from '#protocol/projects'
import type { Session } from '#protocol/sessions'
import type { Connection } from './connection.ts'
import { queryKeys } from './query-keys.ts'
import type { SessionPages } from './session-pages.ts'
import { withoutSession, withSession } from './session-pages.ts'

/** What the server tells changes of. */
const LIVE_KEYS = [queryKeys.projects, queryKeys.sessionLists, queryKeys.anySession, queryKeys.notices, queryKeys.freeze]

/** Keeps the cached lists as the server tells. Returns how to stop. */
export function keepListsLive(connection: Connection, queryClient: QueryClient): () => void {
  const stopState = connection.subscribeState(() => {
    if (connection.state !== 'open') return
    // What changed before this connection was told to nobody here.
    for (const queryKey of LIVE_KEYS) void queryClient.invalidateQueries({ queryKey })
  })
  const stopMessages = connection.onMessage((message) => applyMessage(queryClient, message))
  return () => {
    stopState()
    stopMessages()
  }
}

function applyMessage(queryClient: QueryClient, message: ServerMessage): void {
  if (message.type === 'projects-updated') {
    if (message.project !== undefined) applyProject(queryClient, message.project)
    if (message.removedId !== undefined) applyRemovedProject(queryClient, message.removedId)
  }
  if (message.type === 'sessions-updated') {
    if (message.session !== undefined) applySession(queryClient, message.session)
    if (message.removedId !== undefined) applyRemovedSession(queryClient, message.removedId)
  }
  if (message.type === 'account-notice') applyNotice(queryClient, message.notice)
  if (message.type === 'frozen') applyFreeze(queryClient, message)
}

function applyFreeze(queryClient: QueryClient, { frozen, by, at, reason }: FreezeState): void {
  queryClient.setQueryData<FreezeState>(queryKeys.freeze, { frozen, by, at, reason })
}

function applyNotice(queryClient: QueryClient, notice: AccountNotice): void {
  queryClient.setQueryData<AccountNotice[]>(queryKeys.notices, (notices = []) => [notice, ...notices.filter(({ id }) => id !== notice.id)])
  // What it tells of is on the account's screen.
  for (const queryKey of [queryKeys.logins, queryKeys.factors]) void queryClient.invalidateQueries({ queryKey })
}

/** Puts a new or changed project into the list. */
export function applyProject(queryClient: QueryClient, project: Project): void {
  queryClient.setQueryData<Project[]>(queryKeys.projects, (projects) =>
    projects === undefined ? undefined : [project, ...projects.filter((other) => other.id !== project.id)],
  )
}

export function applyRemovedProject(queryClient: QueryClient, id: ProjectId): void {
  queryClient.setQueryData<Project[]>(queryKeys.projects, (projects) => projects?.filter((project) => project.id !== id))
  void queryClient.invalidateQueries({ queryKey: queryKeys.sessionLists })
}

/** Puts a new or changed session into every list that it belongs to. */
export function applySession(queryClient: QueryClient, session: Session): void {
  queryClient.setQueryData<Session>(queryKeys.session(session.id), session)
  for (const list of [null, session.projectId]) {
    queryClient.setQueryData<SessionPages>(queryKeys.sessions(list), (data) =>
      data === undefined ? undefined : withSession(data, session),
    )
  }
}

function applyRemovedSession(queryClient: QueryClient, id: SessionId): void {
  queryClient.removeQueries({ queryKey: queryKeys.session(id) })
  queryClient.setQueriesData<SessionPages>({ queryKey: queryKeys.sessionLists }, (data) =>
    data === undefined ? undefined : withoutSession(data, id),
  )
}
