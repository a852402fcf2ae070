import Ellipsis from 'lucide-react/icons/ellipsis'
import { lazy, Suspense, useState } from 'react'
import type { Session } from '#protocol/sessions'
import { sessionText } from '../lib/text.ts'
import { iconButtonClass } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'

const RenameSessionDialog = lazy(async () => ({ default: (await import('./rename-session-dialog.tsx')).RenameSessionDialog }))

/** What can be done with a session besides talking to it. */
export function SessionMenu({ session }: { session: Session }) {
  const [isRenaming, setIsRenaming] = useState(false)
  return (
    <>
      <Menu label={sessionText.actions} buttonClassName={iconButtonClass()} button={<Ellipsis size={16} aria-hidden />}>
        <MenuItem onSelect={() => setIsRenaming(true)}>{sessionText.rename}</MenuItem>
      </Menu>
      <Suspense fallback={null}>{isRenaming && <RenameSessionDialog session={session} onClose={() => setIsRenaming(false)} />}</Suspense>
    </>
  )
}
