import Ellipsis from 'lucide-react/icons/ellipsis'
import { lazy, Suspense, useState } from 'react'
import type { Project } from '#protocol/projects'
import { projectsText } from '../../lib/text.ts'
import { iconButtonClass } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RemoveProjectDialog } from './remove-project-dialog.tsx'
import { RenameProjectDialog } from './rename-project-dialog.tsx'

const ProjectTimeoutDialog = lazy(async () => ({ default: (await import('./project-timeout-dialog.tsx')).ProjectTimeoutDialog }))

interface ProjectMenuProps {
  project: Project
  onRemoved: () => void
}

/** What can be done with a project besides working in it. */
export function ProjectMenu({ project, onRemoved }: ProjectMenuProps) {
  const [dialog, setDialog] = useState<'rename' | 'timeout' | 'remove' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <Menu label={projectsText.actions(project.name)} buttonClassName={iconButtonClass()} button={<Ellipsis size={16} aria-hidden />}>
        <MenuItem onSelect={() => setDialog('rename')}>{projectsText.rename}</MenuItem>
        <MenuItem onSelect={() => setDialog('timeout')}>{projectsText.timeout}</MenuItem>
        <MenuItem danger onSelect={() => setDialog('remove')}>
          {projectsText.remove}
        </MenuItem>
      </Menu>
      {dialog === 'rename' && <RenameProjectDialog project={project} onClose={close} />}
      <Suspense fallback={null}>{dialog === 'timeout' && <ProjectTimeoutDialog project={project} onClose={close} />}</Suspense>
      {dialog === 'remove' && <RemoveProjectDialog project={project} onClose={close} onRemoved={onRemoved} />}
    </>
  )
}
