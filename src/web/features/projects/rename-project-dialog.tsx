import { useId, useState } from 'react'
import type { Project } from '#protocol/projects'
import { messageOf } from '../../lib/api-error.ts'
import { useUpdateProject } from '../../lib/server-queries.ts'
import { projectsText, shellText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'

interface RenameProjectDialogProps {
  project: Project
  onClose: () => void
}

export function RenameProjectDialog({ project, onClose }: RenameProjectDialogProps) {
  const formId = useId()
  const [name, setName] = useState(project.name)
  const { mutate: update, isPending, error } = useUpdateProject(project.id)

  return (
    <Dialog
      title={projectsText.renameTitle}
      closeLabel={shellText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{shellText.cancel}</Button>
          <Button variant="primary" type="submit" form={formId} disabled={isPending || name.trim() === ''}>
            {isPending ? projectsText.saving : projectsText.save}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          update({ name: name.trim() }, { onSuccess: onClose })
        }}
      >
        <Field
          label={projectsText.name}
          value={name}
          maxLength={120}
          autoComplete="off"
          error={error === null ? undefined : messageOf(error)}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
