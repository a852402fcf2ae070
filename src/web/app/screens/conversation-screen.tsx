import { lazy, Suspense } from 'react'
import { Link } from 'wouter'
import type { SessionId } from '#protocol/ids'
import type { Session } from '#protocol/sessions'
import { ApiError } from '../../lib/api-error.ts'
import { useProjects, useSession } from '../../lib/server-queries.ts'
import { rightsIn, SessionRightsContext } from '../../lib/session-rights.ts'
import { sessionListText, sessionText, shellText } from '../../lib/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ConversationControls } from '../conversation-controls.tsx'
import { LiveState } from '../live-state.tsx'
import { LoadFailure } from '../load-failure.tsx'
import { OthersWaiting } from '../others-waiting.tsx'
import { Screen } from '../screen.tsx'
import { SessionMenu } from '../session-menu.tsx'
import { SessionPane } from '../session-pane.tsx'
import { useSignedIn } from '../signed-in-context.ts'
import styles from './conversation-screen.module.css'

const SkipLine = lazy(async () => ({ default: (await import('../skip-line.tsx')).SkipLine }))

/** One session: its header, and the conversation itself. */
export function ConversationScreen({ sessionId }: { sessionId: SessionId }) {
  const session = useSession(sessionId)
  if (session.data !== undefined) return <KnownSession session={session.data} />
  if (!session.isError)
    return <Screen title={sessionText.loading} heading=" " backHref="/" status={<span />} toolbar={<span />} children={null} />
  const isGone = session.error instanceof ApiError && session.error.status === 404
  return (
    <Screen title={sessionText.failed} backHref="/">
      {isGone ? <Gone /> : <LoadFailure title={sessionText.failed} error={session.error} onRetry={() => void session.refetch()} />}
    </Screen>
  )
}

function KnownSession({ session }: { session: Session }) {
  const { data: projects = [] } = useProjects()
  const project = projects.find((candidate) => candidate.id === session.projectId)
  const { user } = useSignedIn()
  const rights = rightsIn(session, user)
  const title = session.title || sessionListText.untitled
  return (
    <SessionRightsContext value={rights}>
      <Screen
        layout="pane"
        title={title}
        backHref="/"
        heading={
          <>
            {project !== undefined && (
              <span className={styles.project}>
                <Link href={`/projects/${project.id}`}>{project.name}</Link>
                {' › '}
              </span>
            )}
            <span title={title}>{title}</span>
          </>
        }
        status={<LiveState session={session} />}
        toolbar={<ConversationControls session={session} />}
        actions={
          <>
            <OthersWaiting sessionId={session.id} />
            {rights.maySteer && <SessionMenu session={session} />}
          </>
        }
      >
        <Suspense fallback={null}>{session.modeUntil !== null && <SkipLine session={session} until={session.modeUntil} />}</Suspense>
        <SessionPane key={session.id} sessionId={session.id} providerId={session.provider} />
      </Screen>
    </SessionRightsContext>
  )
}

function Gone() {
  return (
    <EmptyState
      title={sessionText.gone}
      action={
        <Link href="/" className={buttonClass('primary')}>
          {shellText.allSessions}
        </Link>
      }
    >
      {shellText.notFound}
    </EmptyState>
  )
}
