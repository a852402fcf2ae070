import type { SubmitEvent } from 'react'
import { useId, useState } from 'react'
import type { Project } from '#protocol/projects'
import { messageOf } from '../../lib/api-error.ts'
import { useAddProject, useFolders } from '../../lib/server-queries.ts'
import { projectsText, shellText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './add-project-dialog.module.css'
import { FolderPicker } from './folder-picker.tsx'
import { folderName } from './folder-trail.ts'

interface AddProjectDialogProps {
  onClose: () => void
  onAdded: (project: Project) => void
}

/** Chooses a folder under the server's roots and adds it as a project. */
export function AddProjectDialog({ onClose, onAdded }: AddProjectDialogProps) {
  const formId = useId()
  const roots = useFolders(null)
  const rootPaths = roots.data?.folders.map((folder) => folder.path) ?? []
  const [chosen, setChosen] = useState<string | null | undefined>(undefined)
  const onlyRoot = rootPaths.length === 1 ? (rootPaths[0] ?? null) : null
  const path = chosen ?? onlyRoot
  const [name, setName] = useState('')
  const { mutate: add, isPending, error } = useAddProject()

  function addProject() {
    if (path === null) return
    const wanted = name.trim()
    add(wanted === '' ? { path } : { path, name: wanted }, { onSuccess: onAdded })
  }

  return (
    <Dialog
      title={projectsText.addTitle}
      closeLabel={shellText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{shellText.cancel}</Button>
          <Button variant="primary" type="submit" form={formId} disabled={isPending || path === null}>
            <span className={styles.action}>{actionLabel(path, isPending)}</span>
          </Button>
        </>
      }
    >
      <PathForm key={path} path={path} onOpen={setChosen} />
      <FolderPicker path={path} roots={rootPaths} onOpen={setChosen} />
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          addProject()
        }}
      >
        <Field
          label={projectsText.name}
          hint={projectsText.nameHint}
          value={name}
          maxLength={120}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </form>
      {error !== null && <Notice tone="negative">{messageOf(error)}</Notice>}
    </Dialog>
  )
}

function actionLabel(path: string | null, isPending: boolean): string {
  if (isPending) return projectsText.adding
  return path === null ? projectsText.chooseFolder : projectsText.addNamed(folderName(path))
}

/** The folder as text, for whoever knows where it is. */
function PathForm({ path, onOpen }: { path: string | null; onOpen: (path: string) => void }) {
  const [typed, setTyped] = useState(path ?? '')

  function openTyped(event: SubmitEvent) {
    event.preventDefault()
    if (typed.trim() !== '') onOpen(typed.trim())
  }

  return (
    <form className={styles.path} onSubmit={openTyped}>
      <Field
        className={styles.pathField}
        label={projectsText.path}
        value={typed}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" disabled={typed.trim() === '' || typed.trim() === path}>
        {projectsText.open}
      </Button>
    </form>
  )
}
