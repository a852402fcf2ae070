import Share from 'lucide-react/icons/share-2'
import type { CreatedInvitation } from '#protocol/users'
import { appAddress } from '../../lib/base-path.ts'
import { formatExactTime } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SecretText } from '../../ui/settings/secret-text.tsx'
import { newInvitationText, roleNames, usersText } from './text-users.ts'

/** The one time that an invitation's link is seen. The code follows `#`, so that it reaches no server's log. */
export function NewInvitationDialog({ invitation, onClose }: { invitation: CreatedInvitation; onClose: () => void }) {
  const link = `${appAddress()}/#invite=${invitation.code}`
  return (
    <Dialog
      keepsOpen
      title={newInvitationText.title}
      closeLabel={usersText.close}
      onClose={onClose}
      footer={
        <>
          {'share' in navigator && (
            <Button onClick={() => void share(link)}>
              <Share size={16} aria-hidden />
              {newInvitationText.share}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            {newInvitationText.done}
          </Button>
        </>
      }
    >
      <p>{newInvitationText.once(roleNames[invitation.role], formatExactTime(invitation.expiresAt))}</p>
      <SecretText label={newInvitationText.link} text={link} copyLabel={newInvitationText.copy} copiedLabel={newInvitationText.copied} />
    </Dialog>
  )
}

/** Hands the link to the device's own way of sharing; that the person closed it is no failure. */
async function share(url: string): Promise<void> {
  await navigator.share({ title: newInvitationText.shareTitle, url }).catch(() => undefined)
}
