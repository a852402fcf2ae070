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
  const projects = useProjects()
  const isFirstRun = projects.data?.length === 0
  return (
    <Screen title={sessionListText.title} actions={isFirstRun ? undefined : <NewSessionLink />}>
      {projects.isPending && <Skeleton label={sessionListText.loading} />}
      {projects.isError && <LoadFailure title={sessionListText.failed} error={projects.error} onRetry={() => void projects.refetch()} />}
      {isFirstRun && <FirstRun />}
      {projects.data !== undefined && !isFirstRun && <Sessions />}
    </Screen>
  )
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
