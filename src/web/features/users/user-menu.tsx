import Ellipsis from 'lucide-react/icons/ellipsis'
import { useState } from 'react'
import type { ManagedUser } from '#protocol/users'
import { iconButtonClass } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { ChangeRoleDialog } from './change-role-dialog.tsx'
import { DisableUserDialog } from './disable-user-dialog.tsx'
import { RemoveUserDialog } from './remove-user-dialog.tsx'
import { usersText } from './text-users.ts'

/** What an owner can do about another user. */
export function UserMenu({ user }: { user: ManagedUser }) {
  const [dialog, setDialog] = useState<'role' | 'disable' | 'remove' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <Menu label={usersText.actions(user.username)} buttonClassName={iconButtonClass()} button={<Ellipsis size={16} aria-hidden />}>
        <MenuItem onSelect={() => setDialog('role')}>{usersText.changeRole}</MenuItem>
        <MenuItem onSelect={() => setDialog('disable')}>{user.disabledAt === null ? usersText.disable : usersText.enable}</MenuItem>
        <MenuItem danger onSelect={() => setDialog('remove')}>
          {usersText.remove}
        </MenuItem>
      </Menu>
      {dialog === 'role' && <ChangeRoleDialog user={user} onClose={close} />}
      {dialog === 'disable' && <DisableUserDialog user={user} onClose={close} />}
      {dialog === 'remove' && <RemoveUserDialog user={user} onClose={close} />}
    </>
  )
}
