import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { AddProjectDialog } from '../../features/projects/add-project-dialog.tsx'
import { GetStarted } from '../../features/onboarding/get-started.tsx'
import { useProjects, useProviders, useSessions } from '../../lib/server-queries.ts'
import { sessionListText, shellText } from '../../lib/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { LoadFailure } from '../load-failure.tsx'
import { Screen } from '../screen.tsx'
import { SessionPagesList } from '../session-pages-list.tsx'
import { useSignedIn } from '../signed-in-context.ts'

/** All sessions: what waits for a person first. */
export function BoardScreen() {
  const { data: sessions = [] } = useSessions(null)
  // While there is none, the one way to start stands in the middle of the screen.
  return (
    <Screen title={sessionListText.title} actions={sessions.length === 0 ? undefined : <NewSessionLink />}>
      <Board />
    </Screen>
  )
}

function Board() {
  const projects = useProjects()
  if (projects.isPending) return <Skeleton label={sessionListText.loading} />
  if (projects.isError) {
    return <LoadFailure title={sessionListText.failed} error={projects.error} onRetry={() => void projects.refetch()} />
  }
  return projects.data.length === 0 ? <FirstRun /> : <Sessions />
}

function Sessions() {
  const sessions = useSessions(null)
  return (
    <SessionPagesList
      query={sessions}
      isOfOneProject={false}
      empty={
        <EmptyState title={sessionListText.emptyTitle} action={<NewSessionLink />}>
          {sessionListText.empty}
        </EmptyState>
      }
    />
  )
}

function FirstRun() {
  const [, navigate] = useLocation()
  const { user, status } = useSignedIn()
  const providers = useProviders()
  const [isAdding, setIsAdding] = useState(false)
  return (
    <>
      <GetStarted
        username={status.platformMode ? null : (user?.username ?? null)}
        providers={providers.data ?? null}
        onAddProject={() => setIsAdding(true)}
      />
      {isAdding && <AddProjectDialog onClose={() => setIsAdding(false)} onAdded={(project) => navigate(`/projects/${project.id}`)} />}
    </>
  )
}

function NewSessionLink() {
  return (
    <Link href="/new" className={buttonClass('primary')}>
      <Plus size={16} aria-hidden />
      {shellText.newSession}
    </Link>
  )
}
