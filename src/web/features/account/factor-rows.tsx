import KeyRound from 'lucide-react/icons/key-round'
import Smartphone from 'lucide-react/icons/smartphone'
import type { TotpEnrolment } from '#protocol/factors'
import { failureOf } from '../../lib/step-up.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDate } from '../../ui/settings/format-since.ts'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { SettingsRow } from '../../ui/settings/settings-section.tsx'
import styles from './account.module.css'
import { useEnrolTotp } from './account-queries.ts'
import { RowFailure } from './row-failure.tsx'
import { twoFactorText } from './text-account.ts'

/** From here on new codes are called for. */
const FEW_CODES = 3

interface AppRowProps {
  /** Null while no app is set up. */
  enabledAt: string | null
  onEnrol: (enrolment: TotpEnrolment) => void
  onTurnOff: () => void
}

export function AppRow({ enabledAt, onEnrol, onTurnOff }: AppRowProps) {
  const enrol = useEnrolTotp()
  const failure = failureOf(enrol.error)
  const isOn = enabledAt !== null

  function begin() {
    enrol.mutate(undefined, {
      onSuccess: (enrolment) => {
        // The secret is the dialog's from here on.
        enrol.reset()
        onEnrol(enrolment)
      },
    })
  }

  return (
    <SettingsRow
      icon={<Smartphone size={16} aria-hidden />}
      title={twoFactorText.app}
      badge={isOn ? <Badge>{twoFactorText.on}</Badge> : undefined}
      facts={[isOn ? twoFactorText.since(formatDate(enabledAt)) : twoFactorText.notSetUp]}
      note={failure === undefined ? undefined : <RowFailure>{failure}</RowFailure>}
      actions={
        isOn ? (
          <Button onClick={onTurnOff}>{twoFactorText.turnOff}</Button>
        ) : (
          <PendingButton isBusy={enrol.isPending} onClick={begin}>
            {enrol.isPending ? twoFactorText.settingUp : twoFactorText.setUp}
          </PendingButton>
        )
      }
    />
  )
}

export function RecoveryRow({ left, onRenew }: { left: number; onRenew: () => void }) {
  const isFew = left <= FEW_CODES
  return (
    <SettingsRow
      icon={<KeyRound size={16} aria-hidden />}
      title={twoFactorText.recovery}
      facts={[isFew ? <span className={styles.few}>{twoFactorText.left(left)}</span> : twoFactorText.left(left)]}
      note={isFew ? <p className={classNames(styles.few, styles.note)}>{twoFactorText.few}</p> : undefined}
      actions={<Button onClick={onRenew}>{twoFactorText.newCodes}</Button>}
    />
  )
}
