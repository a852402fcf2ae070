import { lazy, Suspense, useEffect } from 'react'
import { Link, Route, Switch, useLocation } from 'wouter'
import type { ProjectId, SessionId } from '#protocol/ids'
import { ProjectId as ProjectIdSchema, SessionId as SessionIdSchema } from '#protocol/ids'
import { shellText } from '../lib/text.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Screen } from './screen.tsx'
import { BoardScreen } from './screens/board-screen.tsx'

const loadConversation = () => import('./screens/conversation-screen.tsx')
const loadNewConversation = () => import('./screens/new-conversation-screen.tsx')
const loadProjects = () => import('./screens/projects-screen.tsx')
const loadProject = () => import('./screens/project-screen.tsx')
const loadAccount = () => import('./screens/account-screen.tsx')
const loadUsers = () => import('./screens/users-screen.tsx')
const loadAudit = () => import('./screens/audit-screen.tsx')
const loadSecurity = () => import('./screens/security-screen.tsx')
const loadPolicy = () => import('./screens/policy-screen.tsx')
const loadInbox = () => import('./screens/inbox-screen.tsx')

const ConversationScreen = lazy(async () => ({ default: (await loadConversation()).ConversationScreen }))
const NewConversationScreen = lazy(async () => ({ default: (await loadNewConversation()).NewConversationScreen }))
const ProjectsScreen = lazy(async () => ({ default: (await loadProjects()).ProjectsScreen }))
const ProjectScreen = lazy(async () => ({ default: (await loadProject()).ProjectScreen }))
const AccountScreen = lazy(async () => ({ default: (await loadAccount()).AccountScreen }))
const UsersScreen = lazy(async () => ({ default: (await loadUsers()).UsersScreen }))
const AuditScreen = lazy(async () => ({ default: (await loadAudit()).AuditScreen }))
const SecurityScreen = lazy(async () => ({ default: (await loadSecurity()).SecurityScreen }))
const PolicyScreen = lazy(async () => ({ default: (await loadPolicy()).PolicyScreen }))
const InboxScreen = lazy(async () => ({ default: (await loadInbox()).InboxScreen }))

/** The first screen first; what a person is likely to open next soon after it. */
const PRELOAD_AFTER_MS = 1_500

/** Which address shows which screen. */
export function Routes() {
  const [path] = useLocation()
  useEffect(() => {
    const timer = setTimeout(() => void preload(), PRELOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    // Each address is a screen of its own: one that failed does not take the next one with it.
    <ErrorBoundary key={path}>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/">
            <BoardScreen />
          </Route>
          <Route path="/projects">
            <ProjectsScreen />
          </Route>
          <Route path="/projects/:id">{({ id }) => <ProjectRoute id={id} />}</Route>
          <Route path="/sessions/:id">{({ id }) => <SessionRoute id={id} />}</Route>
          <Route path="/new">
            <NewConversationScreen />
          </Route>
          <Route path="/inbox">
            <InboxScreen />
          </Route>
          <Route path="/account">
            <AccountScreen />
          </Route>
          <Route path="/users">
            <UsersScreen />
          </Route>
          <Route path="/audit">
            <AuditScreen />
          </Route>
          <Route path="/security">
            <SecurityScreen />
          </Route>
          <Route path="/policy">
            <PolicyScreen />
          </Route>
          <Route>
            <NotFoundScreen />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}

function ProjectRoute({ id }: { id: string }) {
  const projectId: ProjectId | undefined = ProjectIdSchema.safeParse(id).data
  return projectId === undefined ? <NotFoundScreen /> : <ProjectScreen projectId={projectId} />
}

function SessionRoute({ id }: { id: string }) {
  const sessionId: SessionId | undefined = SessionIdSchema.safeParse(id).data
  return sessionId === undefined ? <NotFoundScreen /> : <ConversationScreen sessionId={sessionId} />
}

function NotFoundScreen() {
  return (
    <Screen title={shellText.notFoundTitle}>
      <EmptyState
        title={shellText.notFoundTitle}
        action={
          <Link href="/" className={buttonClass('primary')}>
            {shellText.allSessions}
          </Link>
        }
      >
        {shellText.notFound}
      </EmptyState>
    </Screen>
  )
}

/** What fails here is fetched again when it is opened, and told then. */
async function preload(): Promise<void> {
  await Promise.allSettled([loadConversation(), loadNewConversation(), loadInbox(), loadProjects(), loadProject()])
}
