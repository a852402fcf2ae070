import { InvitationsSection } from '../../features/users/invitations-section.tsx'
import { UsersSection } from '../../features/users/users-section.tsx'
import { shellText } from '../../lib/text.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SettingsColumn } from '../../ui/settings/settings-section.tsx'
import { Screen } from '../screen.tsx'
import { useSignedIn } from '../signed-in-context.ts'
import { useManagesUsers } from '../use-can.ts'

/** Who may get in here. */
export function UsersScreen() {
  const { user } = useSignedIn()
  const managesUsers = useManagesUsers()
  return (
    <Screen title={shellText.users} backHref="/">
      {managesUsers ? (
        <SettingsColumn>
          <UsersSection ownId={user?.id ?? null} />
          <InvitationsSection />
        </SettingsColumn>
      ) : (
        <EmptyState title={shellText.notForYou}>{shellText.usersAreTheOwners}</EmptyState>
      )}
    </Screen>
  )
}
