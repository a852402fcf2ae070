import { useId, useState } from 'react'
import type { Project } from '#protocol/projects'
import { messageOf } from '../../lib/api-error.ts'
import { useUpdateProject } from '../../lib/server-queries.ts'
import { projectsText, shellText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { timeoutText } from './text-timeout.ts'

const SERVER = 'server'
const CHOICES = [
  { value: SERVER, label: timeoutText.server },
  ...Object.entries(timeoutText.choices).map(([value, label]) => ({ value, label })),
]

/** How long requests of a project's agents wait for a person before they are denied. */
export function ProjectTimeoutDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const formId = useId()
  const present = project.approvalTimeoutSeconds === null ? SERVER : String(project.approvalTimeoutSeconds)
  const [wanted, setWanted] = useState(present)
  const { mutate: update, isPending, error } = useUpdateProject(project.id)
  const isListed = CHOICES.some(({ value }) => value === present)
  const options = isListed ? CHOICES : [...CHOICES, { value: present, label: timeoutText.seconds(present) }]
  return (
    <Dialog
      title={timeoutText.title}
      closeLabel={shellText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{shellText.cancel}</Button>
          <Button variant="primary" type="submit" form={formId} disabled={isPending}>
            {isPending ? projectsText.saving : projectsText.save}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          update({ approvalTimeoutSeconds: wanted === SERVER ? null : Number(wanted) }, { onSuccess: onClose })
        }}
      >
        <p>{timeoutText.text}</p>
        <Select edged label={timeoutText.label} value={wanted} options={options} onChange={setWanted} />
        {error !== null && (
          <Notice tone="negative" title={timeoutText.failed}>
            {messageOf(error)}
          </Notice>
        )}
      </form>
    </Dialog>
  )
}
