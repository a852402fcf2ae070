import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { AddProjectDialog } from '../../features/projects/add-project-dialog.tsx'
import { ProjectList } from '../../features/projects/project-list.tsx'
import { useProjects } from '../../lib/server-queries.ts'
import { projectsText } from '../../lib/text.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { LoadFailure } from '../load-failure.tsx'
import { Screen } from '../screen.tsx'

export function ProjectsScreen() {
  const [, navigate] = useLocation()
  const now = useNow()
  const projects = useProjects()
  const [isAdding, setIsAdding] = useState(false)
  const addButton = (
    <Button variant="primary" onClick={() => setIsAdding(true)}>
      <Plus size={16} aria-hidden />
      {projectsText.add}
    </Button>
  )
  const isEmpty = projects.data?.length === 0

  return (
    <Screen title={projectsText.title} actions={isEmpty ? undefined : addButton}>
      {projects.isPending && <Skeleton label={projectsText.loading} />}
      {projects.isError && <LoadFailure title={projectsText.failed} error={projects.error} onRetry={() => void projects.refetch()} />}
      {isEmpty && (
        <EmptyState title={projectsText.emptyTitle} action={addButton}>
          {projectsText.empty}
        </EmptyState>
      )}
      {projects.data !== undefined && !isEmpty && (
        <div data-bleed>
          <ProjectList projects={projects.data} now={now} />
        </div>
      )}
      {isAdding && <AddProjectDialog onClose={() => setIsAdding(false)} onAdded={(project) => navigate(`/projects/${project.id}`)} />}
    </Screen>
  )
}
