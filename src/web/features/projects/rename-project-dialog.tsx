import type { Project } from '#protocol/projects'
import { messageOf } from '../../lib/api-error.ts'
import { useUpdateProject } from '../../lib/server-queries.ts'
import { projectsText, shellText } from '../../lib/text.ts'
import { RenameDialog } from '../../ui/rename-dialog.tsx'

export function RenameProjectDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const { mutate: update, isPending, error } = useUpdateProject(project.id)
  return (
    <RenameDialog
      title={projectsText.renameTitle}
      label={projectsText.name}
      words={{ close: shellText.close, cancel: shellText.cancel, save: projectsText.save, saving: projectsText.saving }}
      name={project.name}
      maxLength={120}
      isPending={isPending}
      error={error === null ? undefined : messageOf(error)}
      onRename={(name) => update({ name }, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}
