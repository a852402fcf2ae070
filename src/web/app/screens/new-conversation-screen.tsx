import { Link, Redirect, useLocation, useSearch } from 'wouter'
import type { Project } from '#protocol/projects'
import { NewSessionScreen } from '../../features/composer/new-session-screen.tsx'
import { useProjects, useProviders } from '../../lib/server-queries.ts'
import { projectsText, sessionText } from '../../lib/text.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { LoadFailure } from '../load-failure.tsx'
import { Screen } from '../screen.tsx'
import { useCan } from '../use-can.ts'
import styles from './new-conversation-screen.module.css'

/** Where a session is started: in which project, then with which prompt. */
export function NewConversationScreen() {
  const projects = useProjects()
  const mayChat = useCan('chat')
  const wanted = new URLSearchParams(useSearch()).get('project')
  if (!mayChat) return <Redirect to="/" replace />
  if (projects.data === undefined) {
    return (
      <Screen title={sessionText.newTitle} backHref="/">
        {projects.isError ? (
          <LoadFailure title={projectsText.failed} error={projects.error} onRetry={() => void projects.refetch()} />
        ) : (
          <Skeleton label={projectsText.loading} />
        )}
      </Screen>
    )
  }
  const project = projects.data.find((candidate) => candidate.id === wanted) ?? projects.data.find((candidate) => candidate.available)
  // Without a project the first screen says what to do.
  return project === undefined ? <Redirect to="/" replace /> : <InProject project={project} projects={projects.data} />
}

function InProject({ project, projects }: { project: Project; projects: readonly Project[] }) {
  const [, navigate] = useLocation()
  const options = projects.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Screen
      layout="pane"
      title={sessionText.newTitle}
      backHref="/"
      toolbar={
        <Select
          className={styles.project}
          label={sessionText.chooseProject}
          value={project.id}
          options={options}
          onChange={(id) => navigate(`/new?project=${id}`, { replace: true })}
        />
      }
    >
      {project.available ? <Start project={project} /> : <Unavailable project={project} />}
    </Screen>
  )
}

function Start({ project }: { project: Project }) {
  const providers = useProviders()
  const missing = providers.data?.filter((provider) => !provider.ready) ?? []
  if (providers.data === undefined || missing.length < providers.data.length) {
    return <NewSessionScreen key={project.id} projectId={project.id} />
  }
  const [first] = missing
  return (
    <div className={styles.notice}>
      <Notice
        title={first === undefined ? sessionText.noAgent : sessionText.agentMissing(first.name)}
        action={
          <Button disabled={providers.isFetching} onClick={() => void providers.refetch()}>
            {providers.isFetching ? sessionText.checking : sessionText.checkAgain}
          </Button>
        }
      >
        {missing.map((provider) => provider.lacks).join(' ')}
      </Notice>
    </div>
  )
}

function Unavailable({ project }: { project: Project }) {
  return (
    <EmptyState
      title={projectsText.unavailable}
      action={
        <Link href={`/projects/${project.id}`} className={buttonClass('primary')}>
          {project.name}
        </Link>
      }
    >
      {projectsText.unavailableLong(project.path)}
    </EmptyState>
  )
}
