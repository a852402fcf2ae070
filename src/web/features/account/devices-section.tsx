import { useState } from 'react'
import type { Login } from '#protocol/logins'
import { failureOf } from '../../lib/step-up.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/settings/confirm-dialog.tsx'
import { SettingsList, SettingsSection } from '../../ui/settings/settings-section.tsx'
import styles from './account.module.css'
import { useEndOtherLogins, useLogins } from './account-queries.ts'
import { DeviceRow } from './device-row.tsx'
import { keepFocusIn } from './keep-focus.ts'
import { Outcome } from './outcome.tsx'
import { QueryState } from './query-state.tsx'
import { commonText, deviceText } from './text-account.ts'

const SECTION = 'devices'

/** Where the account is signed in. */
export function DevicesSection() {
  const logins = useLogins()
  const [outcome, setOutcome] = useState<string | null>(null)
  return (
    <SettingsSection id={SECTION} title={deviceText.title} description={deviceText.description}>
      <QueryState query={logins} words={deviceText} rows={2} />
      {logins.data !== undefined && <DeviceList logins={logins.data} onEnded={setOutcome} />}
      <Outcome>{outcome}</Outcome>
    </SettingsSection>
  )
}

function DeviceList({ logins, onEnded }: { logins: readonly Login[]; onEnded: (outcome: string | null) => void }) {
  const now = useNow()
  const [isAsking, setIsAsking] = useState(false)
  const others = logins.filter(({ current }) => !current).length

  function ended(outcome: string) {
    setIsAsking(false)
    onEnded(outcome)
    keepFocusIn(SECTION)
  }

  return (
    <>
      <SettingsList label={deviceText.list}>
        {logins.map((login) => (
          <DeviceRow key={login.id} login={login} now={now} onEnded={() => ended(deviceText.wasEnded(login.device))} />
        ))}
      </SettingsList>
      {others === 0 ? (
        <p className={styles.none}>{deviceText.onlyThis}</p>
      ) : (
        <Button variant="danger" onClick={() => setIsAsking(true)}>
          {deviceText.signOutOthers}
        </Button>
      )}
      {isAsking && <EndOthersDialog count={others} onEnded={() => ended(deviceText.othersEnded)} onClose={() => setIsAsking(false)} />}
    </>
  )
}

interface EndOthersDialogProps {
  count: number
  onEnded: () => void
  onClose: () => void
}

function EndOthersDialog({ count, onEnded, onClose }: EndOthersDialogProps) {
  const { mutate: endOthers, isPending, error } = useEndOtherLogins()
  return (
    <ConfirmDialog
      title={deviceText.othersTitle}
      words={{ close: commonText.close, cancel: deviceText.keep, confirm: deviceText.signOutOthers, confirming: deviceText.signingOut }}
      isPending={isPending}
      error={failureOf(error)}
      onConfirm={() => endOthers(undefined, { onSuccess: onEnded })}
      onClose={onClose}
    >
      {deviceText.othersText(count)}
    </ConfirmDialog>
  )
}
