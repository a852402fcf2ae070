import Plus from 'lucide-react/icons/plus'
import { Link, useLocation } from 'wouter'
import type { ProjectId } from '#protocol/ids'
import type { Project } from '#protocol/projects'
import { ProjectMenu } from '../../features/projects/project-menu.tsx'
import { TrustNotice } from '../../features/projects/trust-notice.tsx'
import { useProjects, useSessions } from '../../lib/server-queries.ts'
import { projectsText, sessionListText, shellText } from '../../lib/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { LoadFailure } from '../load-failure.tsx'
import { Screen } from '../screen.tsx'
import { SessionPagesList } from '../session-pages-list.tsx'
import { useCan } from '../use-can.ts'
import styles from './project-screen.module.css'

/** One project: may its folder be trusted, and what was done in it. */
export function ProjectScreen({ projectId }: { projectId: ProjectId }) {
  const projects = useProjects()
  const project = projects.data?.find((candidate) => candidate.id === projectId)
  if (project !== undefined) return <KnownProject project={project} />
  return (
    <Screen title={projectsText.title} backHref="/projects">
      {projects.isPending && <Skeleton label={projectsText.loading} />}
      {projects.isError && <LoadFailure title={projectsText.failed} error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.isSuccess && (
        <EmptyState
          title={projectsText.gone}
          action={
            <Link href="/projects" className={buttonClass('primary')}>
              {projectsText.title}
            </Link>
          }
        >
          {shellText.notFound}
        </EmptyState>
      )}
    </Screen>
  )
}

function KnownProject({ project }: { project: Project }) {
  const [, navigate] = useLocation()
  const sessions = useSessions(project.id)
  const mayChat = useCan('chat')
  const mayChange = useCan('files')
  const mayTrust = useCan('approve')
  return (
    <Screen
      title={project.name}
      backHref="/projects"
      actions={
        (mayChat || mayChange) && (
          <>
            {mayChat && project.available && <StartLink project={project} />}
            {mayChange && <ProjectMenu project={project} onRemoved={() => navigate('/projects')} />}
          </>
        )
      }
    >
      <p className={styles.path}>{project.path}</p>
      {!project.available && <Notice tone="negative">{projectsText.unavailableLong(project.path)}</Notice>}
      {mayTrust && project.available && <TrustNotice project={project} />}
      <SessionPagesList
        query={sessions}
        isOfOneProject
        empty={
          <EmptyState title={sessionListText.emptyTitle}>
            {mayChat ? sessionListText.emptyInProject : sessionListText.emptyToWatch}
          </EmptyState>
        }
      />
    </Screen>
  )
}

function StartLink({ project }: { project: Project }) {
  return (
    <Link href={`/new?project=${project.id}`} className={buttonClass('primary')}>
      <Plus size={16} aria-hidden />
      {shellText.newSession}
    </Link>
  )
}
