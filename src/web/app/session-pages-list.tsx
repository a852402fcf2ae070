import type { ReactNode } from 'react'
import type { Session } from '#protocol/sessions'
import { SessionList } from '../features/session-list/session-list.tsx'
import { rightsIn } from '../lib/session-rights.ts'
import type { useSessions } from '../lib/server-queries.ts'
import { useProjects } from '../lib/server-queries.ts'
import { sessionListText } from '../lib/text.ts'
import { useNow } from '../lib/use-now.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { LoadFailure } from './load-failure.tsx'
import { useSignedIn } from './signed-in-context.ts'

interface SessionPagesListProps {
  query: ReturnType<typeof useSessions>
  /** Then the rows need not name it. */
  isOfOneProject: boolean
  empty: ReactNode
}

/** A list of sessions with what it shows while it loads, fails, has nothing, or has more. */
export function SessionPagesList({ query, isOfOneProject, empty }: SessionPagesListProps) {
  const now = useNow()
  const { user } = useSignedIn()
  const { data: projects = [] } = useProjects()
  const names = new Map(projects.map((project) => [project.id, project.name]))
  const projectName = (session: Session) => names.get(session.projectId) ?? sessionListText.unknownProject

  if (query.isPending) return <Skeleton label={sessionListText.loading} />
  if (query.isError) return <LoadFailure title={sessionListText.failed} error={query.error} onRetry={() => void query.refetch()} />
  if (query.data.length === 0) return empty
  return (
    <div data-bleed>
      <SessionList
        sessions={query.data}
        now={now}
        projectName={isOfOneProject ? null : projectName}
        rights={(session) => rightsIn(session, user)}
      />
      {query.hasNextPage && (
        <Button wide variant="quiet" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? sessionListText.loadingOlder : sessionListText.showOlder}
        </Button>
      )}
    </div>
  )
}
