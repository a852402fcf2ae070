import { useId, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'

interface RenameDialogProps {
  title: string
  label: string
  words: { close: string; cancel: string; save: string; saving: string }
  name: string
  /** Characters. */
  maxLength: number
  isPending: boolean
  /** Why the last try failed, as a sentence. */
  error: string | undefined
  onRename: (name: string) => void
  onClose: () => void
}

/** Asks for another name; an empty one cannot be sent. */
export function RenameDialog({ title, label, words, name, maxLength, isPending, error, onRename, onClose }: RenameDialogProps) {
  const formId = useId()
  const [wanted, setWanted] = useState(name)
  return (
    <Dialog
      title={title}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button variant="primary" type="submit" form={formId} disabled={isPending || wanted.trim() === ''}>
            {isPending ? words.saving : words.save}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault()
          onRename(wanted.trim())
        }}
      >
        <Field
          label={label}
          value={wanted}
          maxLength={maxLength}
          autoComplete="off"
          error={error}
          onChange={(event) => setWanted(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
