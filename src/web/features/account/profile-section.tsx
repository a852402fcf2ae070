import type { User } from '#protocol/auth'
import { useNow } from '../../lib/use-now.ts'
import { formatDate } from '../../ui/settings/format-since.ts'
import { SettingsSection } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import styles from './account.module.css'
import { profileText } from './text-account.ts'

/** Who is signed in. */
export function ProfileSection({ user }: { user: User }) {
  const now = useNow()
  return (
    <SettingsSection id="profile" title={profileText.title}>
      <dl className={styles.facts}>
        <dt>{profileText.name}</dt>
        <dd className={styles.username}>{user.username}</dd>
        <dt>{profileText.role}</dt>
        <dd>
          {profileText.roles[user.role]}
          <span className={styles.aside}>{profileText.mayDo[user.role]}</span>
        </dd>
        <dt>{profileText.memberSince}</dt>
        <dd>{formatDate(user.createdAt)}</dd>
        {user.lastLoginAt !== null && (
          <>
            <dt>{profileText.lastLogin}</dt>
            <dd>
              <Since at={user.lastLoginAt} now={now} />
            </dd>
          </>
        )}
      </dl>
    </SettingsSection>
  )
}
