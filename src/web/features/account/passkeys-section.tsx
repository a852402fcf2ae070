import type { FactorOverview, Passkey } from '#protocol/factors'
import { hasPasskeys } from '../../lib/passkeys.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { SettingsList, SettingsSection } from '../../ui/settings/settings-section.tsx'
import styles from './account.module.css'
import { useFactors } from './account-queries.ts'
import { AddPasskeyDialog } from './add-passkey-dialog.tsx'
import { NoPasskeysHere } from './no-passkeys-here.tsx'
import { Outcome } from './outcome.tsx'
import { PasskeyRow } from './passkey-row.tsx'
import { QueryState } from './query-state.tsx'
import { RemovePasskeyDialog } from './remove-passkey-dialog.tsx'
import { RenamePasskeyDialog } from './rename-passkey-dialog.tsx'
import { passkeyText } from './text-account.ts'
import { useSectionDialog } from './use-section-dialog.ts'

const SECTION = 'passkeys'

/** What is open over the list. */
type OpenDialog = { kind: 'add' } | { kind: 'rename' | 'remove'; passkey: Passkey }

/** The keys that sign in without a password. */
export function PasskeysSection() {
  const factors = useFactors()
  return (
    <SettingsSection id={SECTION} title={passkeyText.title} description={passkeyText.description}>
      <QueryState query={factors} words={passkeyText} rows={1} />
      {factors.data !== undefined && <Passkeys factors={factors.data} />}
    </SettingsSection>
  )
}

function Passkeys({ factors: { passkeys, canAddPasskey } }: { factors: FactorOverview }) {
  const { dialog, outcome, open, close } = useSectionDialog<OpenDialog>(SECTION)

  return (
    <>
      {passkeys.length > 0 ? <PasskeyList passkeys={passkeys} onOpen={open} /> : <p className={styles.none}>{passkeyText.none}</p>}
      {canAddPasskey && hasPasskeys() ? <Button onClick={() => open({ kind: 'add' })}>{passkeyText.add}</Button> : <NoPasskeysHere />}
      <Outcome>{outcome}</Outcome>
      <OverList dialog={dialog} onDone={close} onClose={() => close(null)} />
    </>
  )
}

interface OverListProps {
  dialog: OpenDialog | null
  /** Closed, with something to say. */
  onDone: (outcome: string) => void
  onClose: () => void
}

function OverList({ dialog, onDone, onClose }: OverListProps) {
  switch (dialog?.kind) {
    case 'add':
      return <AddPasskeyDialog onAdded={(name) => onDone(passkeyText.wasAdded(name))} onClose={onClose} />
    case 'rename':
      return <RenamePasskeyDialog passkey={dialog.passkey} onClose={onClose} />
    case 'remove':
      return (
        <RemovePasskeyDialog
          passkey={dialog.passkey}
          onRemoved={() => onDone(passkeyText.wasRemoved(dialog.passkey.name))}
          onClose={onClose}
        />
      )
    default:
      return null
  }
}

function PasskeyList({ passkeys, onOpen }: { passkeys: readonly Passkey[]; onOpen: (dialog: OpenDialog) => void }) {
  const now = useNow()
  return (
    <SettingsList label={passkeyText.list}>
      {passkeys.map((passkey) => (
        <PasskeyRow
          key={passkey.id}
          passkey={passkey}
          now={now}
          onRename={() => onOpen({ kind: 'rename', passkey })}
          onRemove={() => onOpen({ kind: 'remove', passkey })}
        />
      ))}
    </SettingsList>
  )
}
