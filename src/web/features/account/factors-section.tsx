import type { FactorOverview, TotpEnrolment } from '#protocol/factors'
import { SettingsList, SettingsSection } from '../../ui/settings/settings-section.tsx'
import { useFactors } from './account-queries.ts'
import { EnrolDialog } from './enrol-dialog.tsx'
import { AppRow, RecoveryRow } from './factor-rows.tsx'
import { NewCodesDialog } from './new-codes-dialog.tsx'
import { Outcome } from './outcome.tsx'
import { QueryState } from './query-state.tsx'
import { RecoveryCodesDialog } from './recovery-codes-dialog.tsx'
import { twoFactorText } from './text-account.ts'
import { TurnOffDialog } from './turn-off-dialog.tsx'
import { useSectionDialog } from './use-section-dialog.ts'

const SECTION = 'factors'

/** The authenticator app, and the codes that stand in for it. */
export function FactorsSection({ username }: { username: string }) {
  const factors = useFactors()
  return (
    <SettingsSection id={SECTION} title={twoFactorText.title} description={twoFactorText.description}>
      <QueryState query={factors} words={twoFactorText} rows={2} />
      {factors.data !== undefined && <FactorList factors={factors.data} username={username} />}
    </SettingsSection>
  )
}

/** What is open over the list. */
type OpenDialog =
  | { kind: 'enrol'; enrolment: TotpEnrolment }
  | { kind: 'codes'; codes: readonly string[]; outcome: string }
  | { kind: 'turn-off' }
  | { kind: 'new-codes' }

function FactorList({ factors, username }: { factors: FactorOverview; username: string }) {
  const { dialog, outcome, open, close } = useSectionDialog<OpenDialog>(SECTION)
  const hasFactor = factors.totp !== null || factors.passkeys.length > 0

  return (
    <>
      <SettingsList label={twoFactorText.list}>
        <AppRow
          enabledAt={factors.totp?.enabledAt ?? null}
          onEnrol={(enrolment) => open({ kind: 'enrol', enrolment })}
          onTurnOff={() => open({ kind: 'turn-off' })}
        />
        {hasFactor && <RecoveryRow left={factors.recoveryCodesLeft} onRenew={() => open({ kind: 'new-codes' })} />}
      </SettingsList>
      <Outcome>{outcome}</Outcome>
      <OverList dialog={dialog} username={username} onNext={open} onDone={close} onClose={() => close(null)} />
    </>
  )
}

interface OverListProps {
  dialog: OpenDialog | null
  username: string
  onNext: (dialog: OpenDialog) => void
  /** Closed, with something to say. */
  onDone: (outcome: string) => void
  onClose: () => void
}

function OverList({ dialog, username, onNext, onDone, onClose }: OverListProps) {
  switch (dialog?.kind) {
    case 'enrol':
      return (
        <EnrolDialog
          enrolment={dialog.enrolment}
          onConfirmed={(codes) => onNext({ kind: 'codes', codes, outcome: twoFactorText.turnedOn })}
          onClose={onClose}
        />
      )
    case 'codes':
      return <RecoveryCodesDialog codes={dialog.codes} username={username} onClose={() => onDone(dialog.outcome)} />
    case 'turn-off':
      return <TurnOffDialog onTurnedOff={() => onDone(twoFactorText.turnedOff)} onClose={onClose} />
    case 'new-codes':
      return <NewCodesDialog onMade={(codes) => onNext({ kind: 'codes', codes, outcome: twoFactorText.codesMade })} onClose={onClose} />
    default:
      return null
  }
}
