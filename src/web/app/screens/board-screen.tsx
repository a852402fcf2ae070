import Plus from 'lucide-react/icons/plus'
import { lazy } from 'react'
import { Link } from 'wouter'
import { useProjects, useSessions } from '../../lib/server-queries.ts'
import { sessionListText, shellText } from '../../lib/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { LoadFailure } from '../load-failure.tsx'
import { Screen } from '../screen.tsx'
import { SessionPagesList } from '../session-pages-list.tsx'
import { useCan } from '../use-can.ts'

const FirstRun = lazy(async () => ({ default: (await import('./first-run.tsx')).FirstRun }))

/** All sessions: what waits for a person first. */
export function BoardScreen() {
  const { data: sessions = [] } = useSessions(null)
  const mayChat = useCan('chat')
  // While there is none, the one way to start stands in the middle of the screen.
  return (
    <Screen title={sessionListText.title} actions={mayChat && sessions.length > 0 ? <NewSessionLink /> : undefined}>
      <Board />
    </Screen>
  )
}

function Board() {
  const projects = useProjects()
  const mayAdd = useCan('files')
  if (projects.isPending) return <Skeleton label={sessionListText.loading} />
  if (projects.isError) {
    return <LoadFailure title={sessionListText.failed} error={projects.error} onRetry={() => void projects.refetch()} />
  }
  return projects.data.length === 0 && mayAdd ? <FirstRun /> : <Sessions />
}

function Sessions() {
  const sessions = useSessions(null)
  const mayChat = useCan('chat')
  return (
    <SessionPagesList
      query={sessions}
      isOfOneProject={false}
      empty={
        <EmptyState title={sessionListText.emptyTitle} action={mayChat && <NewSessionLink />}>
          {mayChat ? sessionListText.empty : sessionListText.emptyToWatch}
        </EmptyState>
      }
    />
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
