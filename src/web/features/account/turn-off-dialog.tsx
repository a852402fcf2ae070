import { failureOf } from '../../lib/step-up.ts'
import { ConfirmDialog } from '../../ui/settings/confirm-dialog.tsx'
import { useTurnOffTotp } from './account-queries.ts'
import { commonText, twoFactorText } from './text-account.ts'

interface TurnOffDialogProps {
  onTurnedOff: () => void
  onClose: () => void
}

export function TurnOffDialog({ onTurnedOff, onClose }: TurnOffDialogProps) {
  const { mutate: turnOff, isPending, error } = useTurnOffTotp()
  return (
    <ConfirmDialog
      title={twoFactorText.turnOffTitle}
      words={{ close: commonText.close, cancel: twoFactorText.keep, confirm: twoFactorText.turnOff, confirming: twoFactorText.turningOff }}
      isPending={isPending}
      error={failureOf(error)}
      onConfirm={() => turnOff(undefined, { onSuccess: onTurnedOff })}
      onClose={onClose}
    >
      {twoFactorText.turnOffText}
    </ConfirmDialog>
  )
}
