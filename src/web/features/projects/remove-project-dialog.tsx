import type { Project } from '#protocol/projects'
import { messageOf } from '../../lib/api-error.ts'
import { useRemoveProject } from '../../lib/server-queries.ts'
import { projectsText, shellText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

interface RemoveProjectDialogProps {
  project: Project
  onClose: () => void
  onRemoved: () => void
}

/** Asks once, and says that the files stay. */
export function RemoveProjectDialog({ project, onClose, onRemoved }: RemoveProjectDialogProps) {
  const { mutate: remove, isPending, error } = useRemoveProject(project.id, onRemoved)
  return (
    <Dialog
      title={projectsText.removeTitle(project.name)}
      closeLabel={shellText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{projectsText.keep}</Button>
          <Button variant="danger" disabled={isPending} onClick={() => remove()}>
            {isPending ? projectsText.removing : projectsText.remove}
          </Button>
        </>
      }
    >
      <p>{projectsText.removeText}</p>
      {error !== null && <Notice tone="negative">{messageOf(error)}</Notice>}
    </Dialog>
  )
}
