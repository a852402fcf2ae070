import type { UserId } from '#protocol/ids'
import { messageOf } from '../../lib/api-error.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SettingsList, SettingsSection } from '../../ui/settings/settings-section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { usersText } from './text-users.ts'
import { useUsers } from './user-queries.ts'
import { UserRow } from './user-row.tsx'

/** Everybody with an account. `ownId`: whoever looks. */
export function UsersSection({ ownId }: { ownId: UserId | null }) {
  const users = useUsers()
  const now = useNow()
  return (
    <SettingsSection id="users" title={usersText.title} description={usersText.description}>
      {users.isPending && <Skeleton label={usersText.loading} rows={3} />}
      {users.data === undefined && users.isError && (
        <Notice tone="negative" title={usersText.failed} action={<Button onClick={() => void users.refetch()}>{usersText.retry}</Button>}>
          {messageOf(users.error)}
        </Notice>
      )}
      {users.data !== undefined && (
        <SettingsList label={usersText.list}>
          {users.data.map((user) => (
            <UserRow key={user.id} user={user} isOwn={user.id === ownId} now={now} />
          ))}
        </SettingsList>
      )}
    </SettingsSection>
  )
}
