import type { Passkey } from '#protocol/factors'
import { failureOf } from '../../lib/step-up.ts'
import { ConfirmDialog } from '../../ui/settings/confirm-dialog.tsx'
import { useRemovePasskey } from './account-queries.ts'
import { commonText, passkeyText } from './text-account.ts'

interface RemovePasskeyDialogProps {
  passkey: Passkey
  onRemoved: () => void
  onClose: () => void
}

export function RemovePasskeyDialog({ passkey, onRemoved, onClose }: RemovePasskeyDialogProps) {
  const { mutate: remove, isPending, error } = useRemovePasskey(passkey.id)
  return (
    <ConfirmDialog
      title={passkeyText.removeTitle(passkey.name)}
      words={{ close: commonText.close, cancel: passkeyText.keep, confirm: passkeyText.remove, confirming: passkeyText.removing }}
      isPending={isPending}
      error={failureOf(error)}
      onConfirm={() => remove(undefined, { onSuccess: onRemoved })}
      onClose={onClose}
    >
      {passkeyText.removeText}
    </ConfirmDialog>
  )
}
