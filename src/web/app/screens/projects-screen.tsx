import Plus from 'lucide-react/icons/plus'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Project } from '#protocol/projects'
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
import { useCan } from '../use-can.ts'

export function ProjectsScreen() {
  const [, navigate] = useLocation()
  const projects = useProjects()
  const mayAdd = useCan('files')
  const [isAdding, setIsAdding] = useState(false)
  const addButton = mayAdd ? (
    <Button variant="primary" onClick={() => setIsAdding(true)}>
      <Plus size={16} aria-hidden />
      {projectsText.add}
    </Button>
  ) : undefined

  return (
    <Screen title={projectsText.title} actions={projects.data?.length === 0 ? undefined : addButton}>
      {projects.isPending && <Skeleton label={projectsText.loading} />}
      {projects.isError && <LoadFailure title={projectsText.failed} error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.data !== undefined && (
        <Projects
          projects={projects.data}
          empty={
            <EmptyState title={projectsText.emptyTitle} action={addButton}>
              {mayAdd ? projectsText.empty : projectsText.emptyToWatch}
            </EmptyState>
          }
        />
      )}
      {isAdding && <AddProjectDialog onClose={() => setIsAdding(false)} onAdded={(project) => navigate(`/projects/${project.id}`)} />}
    </Screen>
  )
}

function Projects({ projects, empty }: { projects: readonly Project[]; empty: ReactNode }) {
  const now = useNow()
  if (projects.length === 0) return empty
  return (
    <div data-bleed>
      <ProjectList projects={projects} now={now} />
    </div>
  )
}
