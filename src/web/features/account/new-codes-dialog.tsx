import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { useNewRecoveryCodes } from './account-queries.ts'
import { commonText, twoFactorText } from './text-account.ts'

interface NewCodesDialogProps {
  onMade: (codes: readonly string[]) => void
  onClose: () => void
}

/** Asks once, since the codes that somebody saved stop working. */
export function NewCodesDialog({ onMade, onClose }: NewCodesDialogProps) {
  const { mutate: make, isPending, error } = useNewRecoveryCodes()
  const failure = failureOf(error)
  return (
    <Dialog
      title={twoFactorText.newCodesTitle}
      closeLabel={commonText.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <PendingButton
            variant="primary"
            isBusy={isPending}
            onClick={() => make(undefined, { onSuccess: ({ recoveryCodes }) => onMade(recoveryCodes) })}
          >
            {isPending ? twoFactorText.makingNewCodes : twoFactorText.makeNewCodes}
          </PendingButton>
        </>
      }
    >
      <p>{twoFactorText.newCodesText}</p>
      {failure !== undefined && <Notice tone="negative">{failure}</Notice>}
    </Dialog>
  )
}
