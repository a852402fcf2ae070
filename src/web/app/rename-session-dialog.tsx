import { useId, useState } from 'react'
import type { Session } from '#protocol/sessions'
import { messageOf } from '../lib/api-error.ts'
import { useUpdateSession } from '../lib/server-queries.ts'
import { sessionText, shellText } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

export function RenameSessionDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const formId = useId()
  const [title, setTitle] = useState(session.title)
  const { mutate: update, isPending, error } = useUpdateSession(session.id)
  return (
    <Dialog
      title={sessionText.rename}
      closeLabel={shellText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{shellText.cancel}</Button>
          <Button variant="primary" type="submit" form={formId} disabled={isPending || title.trim() === ''}>
            {isPending ? sessionText.saving : sessionText.save}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          update({ title: title.trim() }, { onSuccess: onClose })
        }}
      >
        <Field
          label={sessionText.title}
          value={title}
          maxLength={200}
          autoComplete="off"
          error={error === null ? undefined : messageOf(error)}
          onChange={(event) => setTitle(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
