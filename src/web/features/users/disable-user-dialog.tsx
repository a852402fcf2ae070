import type { ManagedUser } from '#protocol/users'
import { failureOf } from '../../lib/step-up.ts'
import { ConfirmDialog } from '../../ui/settings/confirm-dialog.tsx'
import { disableText, enableText, usersText } from './text-users.ts'
import { useUpdateUser } from './user-queries.ts'

/** Asks before an account is closed, or opened again. */
export function DisableUserDialog({ user: { id, username, disabledAt }, onClose }: { user: ManagedUser; onClose: () => void }) {
  const { mutate: update, isPending, error } = useUpdateUser(id)
  const isDisabled = disabledAt !== null
  const text = isDisabled ? enableText : disableText
  const common = { close: usersText.close, cancel: usersText.cancel }
  return (
    <ConfirmDialog
      title={text.title(username)}
      words={
        isDisabled
          ? { ...common, confirm: usersText.enable, confirming: enableText.enabling }
          : { ...common, confirm: usersText.disable, confirming: disableText.disabling }
      }
      isPending={isPending}
      error={failureOf(error)}
      onConfirm={() => update({ disabled: !isDisabled }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {text.text(username)}
    </ConfirmDialog>
  )
}
