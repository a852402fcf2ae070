import Laptop from 'lucide-react/icons/laptop'
import Smartphone from 'lucide-react/icons/smartphone'
import type { Login } from '#protocol/logins'
import { failureOf } from '../../lib/step-up.ts'
import { Badge } from '../../ui/badge.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { SettingsRow } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { useEndLogin } from './account-queries.ts'
import { RowFailure } from './row-failure.tsx'
import { deviceText } from './text-account.ts'

interface DeviceRowProps {
  login: Login
  now: Date
  onEnded: () => void
}

export function DeviceRow({ login, now, onEnded }: DeviceRowProps) {
  const { device, address, method, createdAt, lastUsedAt, current } = login
  const end = useEndLogin(login.id, onEnded)
  const failure = failureOf(end.error)
  const Icon = /Android|iPhone|iPad/.test(device) ? Smartphone : Laptop
  return (
    <SettingsRow
      icon={<Icon size={16} aria-hidden />}
      title={device}
      badge={current ? <Badge>{deviceText.current}</Badge> : undefined}
      facts={[
        address,
        deviceText.methods[method],
        <>
          {deviceText.signedIn} <Since at={createdAt} now={now} />
        </>,
        current ? (
          deviceText.activeNow
        ) : (
          <>
            {deviceText.lastUsed} <Since at={lastUsedAt} now={now} />
          </>
        ),
      ]}
      note={failure === undefined ? undefined : <RowFailure>{failure}</RowFailure>}
      actions={
        current ? undefined : (
          <PendingButton isBusy={end.isPending} aria-label={deviceText.signOutNamed(device, address)} onClick={() => end.mutate()}>
            {end.isPending ? deviceText.signingOut : deviceText.signOut}
          </PendingButton>
        )
      }
    />
  )
}
