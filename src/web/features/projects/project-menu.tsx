import Ellipsis from 'lucide-react/icons/ellipsis'
import { useState } from 'react'
import type { Project } from '#protocol/projects'
import { projectsText } from '../../lib/text.ts'
import { iconButtonClass } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RemoveProjectDialog } from './remove-project-dialog.tsx'
import { RenameProjectDialog } from './rename-project-dialog.tsx'

interface ProjectMenuProps {
  project: Project
  onRemoved: () => void
}

/** What can be done with a project besides working in it. */
export function ProjectMenu({ project, onRemoved }: ProjectMenuProps) {
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <Menu label={projectsText.actions(project.name)} buttonClassName={iconButtonClass()} button={<Ellipsis size={16} aria-hidden />}>
        <MenuItem onSelect={() => setDialog('rename')}>{projectsText.rename}</MenuItem>
        <MenuItem danger onSelect={() => setDialog('remove')}>
          {projectsText.remove}
        </MenuItem>
      </Menu>
      {dialog === 'rename' && <RenameProjectDialog project={project} onClose={close} />}
      {dialog === 'remove' && <RemoveProjectDialog project={project} onClose={close} onRemoved={onRemoved} />}
    </>
  )
}
