import type { Passkey } from '#protocol/factors'
import { failureOf } from '../../lib/step-up.ts'
import { RenameDialog } from '../../ui/rename-dialog.tsx'
import { useRenamePasskey } from './account-queries.ts'
import { commonText, passkeyText } from './text-account.ts'

export function RenamePasskeyDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { mutate: rename, isPending, error } = useRenamePasskey(passkey.id)
  return (
    <RenameDialog
      title={passkeyText.renameTitle}
      label={passkeyText.name}
      words={{ close: commonText.close, cancel: commonText.cancel, save: passkeyText.save, saving: passkeyText.saving }}
      name={passkey.name}
      maxLength={60}
      isPending={isPending}
      error={failureOf(error)}
      onRename={(name) => rename(name, { onSuccess: () => onClose() })}
      onClose={onClose}
    />
  )
}
