import type { CreatedApiKey } from '#protocol/api-keys'
import { appAddress } from '../../lib/base-path.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SecretText } from '../../ui/settings/secret-text.tsx'
import { keysText, newKeyText } from './text-api-keys.ts'

/** The one time that a key is seen. */
export function NewKeyDialog({ apiKey, onClose }: { apiKey: CreatedApiKey; onClose: () => void }) {
  return (
    <Dialog
      keepsOpen
      title={newKeyText.title(apiKey.name)}
      closeLabel={keysText.close}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {newKeyText.done}
        </Button>
      }
    >
      <p>{newKeyText.once}</p>
      <SecretText label={newKeyText.key} text={apiKey.key} copyLabel={newKeyText.copy} copiedLabel={newKeyText.copied} />
      <SecretText
        label={newKeyText.example}
        text={newKeyText.curl(appAddress())}
        copyLabel={newKeyText.copyExample}
        copiedLabel={newKeyText.copied}
      />
    </Dialog>
  )
}
