import { useId, useState } from 'react'
import type { ManagedUser } from '#protocol/users'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { removeText, usersText } from './text-users.ts'
import { useRemoveUser } from './user-queries.ts'

/** Says what goes and what stays, and has the name typed before it does so. */
export function RemoveUserDialog({ user: { id, username }, onClose }: { user: ManagedUser; onClose: () => void }) {
  const formId = useId()
  const [typed, setTyped] = useState('')
  const { mutate: remove, isPending, error } = useRemoveUser(id)
  const isConfirmed = typed.trim() === username
  const failure = failureOf(error)
  return (
    <Dialog
      title={removeText.title(username)}
      closeLabel={usersText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{usersText.cancel}</Button>
          <Button variant="danger" type="submit" form={formId} disabled={!isConfirmed || isPending}>
            {isPending ? removeText.removing : removeText.remove}
          </Button>
        </>
      }
    >
      <p>{removeText.text(username)}</p>
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          if (isConfirmed && !isPending) remove(undefined, { onSuccess: onClose })
        }}
      >
        <Field
          label={removeText.confirm(username)}
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
      {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
    </Dialog>
  )
}
