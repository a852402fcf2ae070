import Ellipsis from 'lucide-react/icons/ellipsis'
import Fingerprint from 'lucide-react/icons/fingerprint-pattern'
import type { Passkey } from '#protocol/factors'
import { iconButtonClass } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { formatDate } from '../../ui/settings/format-since.ts'
import { SettingsRow } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { passkeyText } from './text-account.ts'

interface PasskeyRowProps {
  passkey: Passkey
  now: Date
  onRename: () => void
  onRemove: () => void
}

export function PasskeyRow({ passkey, now, onRename, onRemove }: PasskeyRowProps) {
  const { name, rpId, createdAt, lastUsedAt, backedUp } = passkey
  const facts = [
    backedUp ? passkeyText.synced : passkeyText.oneDevice,
    passkeyText.added(formatDate(createdAt)),
    lastUsedAt === null ? (
      passkeyText.neverUsed
    ) : (
      <>
        {passkeyText.lastUsed} <Since at={lastUsedAt} now={now} />
      </>
    ),
  ]
  return (
    <SettingsRow
      icon={<Fingerprint size={16} aria-hidden />}
      title={name}
      facts={rpId === location.hostname ? facts : [passkeyText.onlyAt(rpId), ...facts]}
      actions={
        <Menu label={passkeyText.actions(name)} buttonClassName={iconButtonClass()} button={<Ellipsis size={16} aria-hidden />}>
          <MenuItem onSelect={onRename}>{passkeyText.rename}</MenuItem>
          <MenuItem danger onSelect={onRemove}>
            {passkeyText.remove}
          </MenuItem>
        </Menu>
      }
    />
  )
}
