import type { ApiKey } from '#protocol/api-keys'
import { failureOf } from '../../lib/step-up.ts'
import { ConfirmDialog } from '../../ui/settings/confirm-dialog.tsx'
import { useRevokeApiKey } from './api-key-queries.ts'
import { keysText } from './text-api-keys.ts'

/** Asks once, and says what stops working. */
export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { mutate: revoke, isPending, error } = useRevokeApiKey()
  return (
    <ConfirmDialog
      title={keysText.revokeTitle(apiKey.name)}
      words={{ close: keysText.close, cancel: keysText.keep, confirm: keysText.revoke, confirming: keysText.revoking }}
      isPending={isPending}
      error={failureOf(error)}
      onConfirm={() => revoke(apiKey.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      {keysText.revokeText}
    </ConfirmDialog>
  )
}
