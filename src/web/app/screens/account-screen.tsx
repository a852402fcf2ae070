import type { ApiKey } from '#protocol/api-keys'
import { ROLE_SCOPES } from '#protocol/permissions'
import { DevicesSection } from '../../features/account/devices-section.tsx'
import { FactorsSection } from '../../features/account/factors-section.tsx'
import { PasskeysSection } from '../../features/account/passkeys-section.tsx'
import { PasswordSection } from '../../features/account/password-section.tsx'
import { ProfileSection } from '../../features/account/profile-section.tsx'
import { accountText } from '../../features/account/text-account.ts'
import { useApiKeys } from '../../features/api-keys/api-key-queries.ts'
import { ApiKeysSection } from '../../features/api-keys/api-keys-section.tsx'
import { SettingsColumn } from '../../ui/settings/settings-section.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Screen } from '../screen.tsx'
import { useSignedIn } from '../signed-in-context.ts'
import { useSectionInAddress } from '../use-section-in-address.ts'

/** One's own account: how one gets in, and from where. */
export function AccountScreen() {
  const { status, user } = useSignedIn()
  const column = useSectionInAddress()
  const keys = useApiKeys()
  if (status.platformMode || user === null) {
    return (
      <Screen title={accountText.title} backHref="/">
        <EmptyState title={accountText.platformTitle}>{accountText.platform}</EmptyState>
      </Screen>
    )
  }
  return (
    <Screen title={accountText.title} backHref="/">
      <SettingsColumn ref={column}>
        <ProfileSection user={user} />
        <PasswordSection username={user.username} apiKeys={workingKeys(keys.data)} />
        <FactorsSection username={user.username} />
        <PasskeysSection />
        <DevicesSection />
        <ApiKeysSection scopes={ROLE_SCOPES[user.role]} />
      </SettingsColumn>
    </Screen>
  )
}

/** Those that have not expired. */
function workingKeys(keys: readonly ApiKey[] = []): number {
  return keys.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > Date.now()).length
}
