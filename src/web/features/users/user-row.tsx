import UserIcon from 'lucide-react/icons/user'
import type { ManagedUser } from '#protocol/users'
import { Badge } from '../../ui/badge.tsx'
import { SettingsRow } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { roleNames, usersText } from './text-users.ts'
import { UserMenu } from './user-menu.tsx'

interface UserRowProps {
  user: ManagedUser
  /** Whether it is whoever looks. */
  isOwn: boolean
  now: Date
}

export function UserRow({ user, isOwn, now }: UserRowProps) {
  const { username, role, disabledAt, secondFactor, logins, lastLoginAt } = user
  return (
    <SettingsRow
      icon={<UserIcon size={16} aria-hidden />}
      title={username}
      badge={
        <>
          {isOwn && <Badge>{usersText.you}</Badge>}
          {disabledAt !== null && <Badge tone="negative">{usersText.disabled}</Badge>}
        </>
      }
      facts={[
        roleNames[role],
        secondFactor ? usersText.secondFactor : usersText.noSecondFactor,
        usersText.devices(logins),
        lastLoginAt === null ? (
          usersText.neverSignedIn
        ) : (
          <span key="last">
            {usersText.lastLogin} <Since at={lastLoginAt} now={now} />
          </span>
        ),
      ]}
      // Nobody changes their own rights.
      actions={isOwn ? undefined : <UserMenu user={user} />}
    />
  )
}
