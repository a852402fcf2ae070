import Link from 'lucide-react/icons/link'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import type { Invitation } from '#protocol/users'
import { messageOf } from '../../lib/api-error.ts'
import { failureOf } from '../../lib/step-up.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { SettingsList, SettingsRow, SettingsSection } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { formatUntil } from './format-until.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { invitationsText, roleNames, usersText } from './text-users.ts'
import { useInvitations, useRevokeInvitation } from './user-queries.ts'

/** The links that are out, and how to make one. */
export function InvitationsSection() {
  const invitations = useInvitations()
  const now = useNow()
  const [isInviting, setIsInviting] = useState(false)
  const open = invitations.data?.filter(({ expiresAt }) => Date.parse(expiresAt) > now.getTime())
  return (
    <SettingsSection id="invitations" title={invitationsText.title} description={invitationsText.description}>
      {invitations.isPending && <Skeleton label={invitationsText.loading} rows={1} />}
      {open === undefined && invitations.isError && (
        <Notice
          tone="negative"
          title={invitationsText.failed}
          action={<Button onClick={() => void invitations.refetch()}>{usersText.retry}</Button>}
        >
          {messageOf(invitations.error)}
        </Notice>
      )}
      {open?.length === 0 && <p>{invitationsText.none}</p>}
      {open !== undefined && open.length > 0 && (
        <SettingsList label={invitationsText.list}>
          {open.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} now={now} />
          ))}
        </SettingsList>
      )}
      <Button onClick={() => setIsInviting(true)}>
        <Plus size={16} aria-hidden />
        {invitationsText.invite}
      </Button>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </SettingsSection>
  )
}

function InvitationRow({ invitation: { id, role, createdAt, expiresAt }, now }: { invitation: Invitation; now: Date }) {
  const { mutate: revoke, isPending, error } = useRevokeInvitation(id)
  const failure = failureOf(error)
  const when = formatUntil(expiresAt, now)
  return (
    <SettingsRow
      icon={<Link size={16} aria-hidden />}
      title={invitationsText.forRole(roleNames[role])}
      facts={[
        <span key="created">
          {invitationsText.created} <Since at={createdAt} now={now} />
        </span>,
        invitationsText.expires(when),
      ]}
      note={failure === undefined ? undefined : <Notice tone="negative">{failure}</Notice>}
      actions={
        <PendingButton isBusy={isPending} aria-label={invitationsText.revokeNamed(roleNames[role], when)} onClick={() => revoke()}>
          {isPending ? invitationsText.revoking : invitationsText.revoke}
        </PendingButton>
      }
    />
  )
}
