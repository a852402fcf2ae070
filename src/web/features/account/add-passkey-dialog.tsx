import type { SubmitEvent } from 'react'
import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { useAddPasskey, useLogins } from './account-queries.ts'
import { commonText, passkeyText } from './text-account.ts'
import { useFailure } from './use-failure.ts'

interface AddPasskeyDialogProps {
  onAdded: (name: string) => void
  onClose: () => void
}

/** Asks for a name, which begins as the device's, then has the browser make the passkey. */
export function AddPasskeyDialog({ onAdded, onClose }: AddPasskeyDialogProps) {
  const formId = useId()
  const device = useLogins().data?.find(({ current }) => current)?.device
  const [typed, setTyped] = useState<string | null>(null)
  const add = useAddPasskey()
  const { sentence, wait } = useFailure(add)
  const name = typed ?? device ?? passkeyText.defaultName
  const isLocked = add.isPending || wait > 0

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const wanted = name.trim()
    if (isLocked || wanted === '') return
    add.mutate(wanted, { onSuccess: () => onAdded(wanted) })
  }

  return (
    <Dialog
      title={passkeyText.addTitle}
      closeLabel={commonText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <PendingButton variant="primary" type="submit" form={formId} isBusy={isLocked}>
            {add.isPending ? passkeyText.adding : passkeyText.continue}
          </PendingButton>
        </>
      }
    >
      <p>{passkeyText.addText}</p>
      <form id={formId} noValidate onSubmit={submit}>
        <Field
          label={passkeyText.name}
          hint={passkeyText.nameHint}
          error={name.trim() === '' ? passkeyText.nameMissing : undefined}
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
      {sentence !== undefined && <Notice tone="negative">{sentence}</Notice>}
    </Dialog>
  )
}
