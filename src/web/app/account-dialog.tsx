import { useState } from 'react'
import { Link } from 'wouter'
import { FreezeButton } from '../features/freeze/freeze-button.tsx'
import { messageOf } from '../lib/api-error.ts'
import { authToken } from '../lib/auth-token.ts'
import { shellText } from '../lib/text.ts'
import type { Theme } from '../lib/theme.ts'
import { pinTheme } from '../lib/theme.ts'
import { useTheme } from '../lib/use-theme.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import styles from './account-dialog.module.css'
import { useSignedIn } from './signed-in-context.ts'
import { useCan, useManagesUsers } from './use-can.ts'

const THEMES: { value: Theme; label: string }[] = [
  { value: 'system', label: shellText.themes.system },
  { value: 'light', label: shellText.themes.light },
  { value: 'dark', label: shellText.themes.dark },
]

/** Who is signed in, how it looks on this device, and the way out. */
export function AccountDialog({ onClose }: { onClose: () => void }) {
  const { status, user } = useSignedIn()
  const theme = useTheme()
  const managesUsers = useManagesUsers()
  const isOwner = useCan('admin')
  return (
    <Dialog title={shellText.account} closeLabel={shellText.close} onClose={onClose}>
      <div className={styles.row}>
        <span aria-hidden="true">{shellText.theme}</span>
        <Select edged label={shellText.theme} value={theme} options={THEMES} onChange={pinTheme} />
      </div>
      {isOwner && (
        <Link href="/audit" className={buttonClass('secondary', true)} onClick={onClose}>
          {shellText.audit}
        </Link>
      )}
      {isOwner && (
        <Link href="/security" className={buttonClass('secondary', true)} onClick={onClose}>
          {shellText.security}
        </Link>
      )}
      <Link href="/policy" className={buttonClass('secondary', true)} onClick={onClose}>
        {shellText.policy}
      </Link>
      {isOwner && <FreezeButton wide />}
      {!status.platformMode && (
        <>
          {user !== null && <p className={styles.who}>{shellText.signedInAs(user.username)}</p>}
          <Link href="/account" className={buttonClass('secondary', true)} onClick={onClose}>
            {shellText.accountAndDevices}
          </Link>
          {managesUsers && (
            <Link href="/users" className={buttonClass('secondary', true)} onClick={onClose}>
              {shellText.users}
            </Link>
          )}
          <SignOut />
        </>
      )}
    </Dialog>
  )
}

function SignOut() {
  const [isEnding, setIsEnding] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  function signOut() {
    setIsEnding(true)
    setFailure(null)
    authToken.signOut().catch((error: unknown) => {
      setIsEnding(false)
      setFailure(messageOf(error))
    })
  }

  return (
    <>
      <Button wide disabled={isEnding} onClick={signOut}>
        {isEnding ? shellText.signingOut : shellText.signOut}
      </Button>
      {failure !== null && <Notice tone="negative">{failure}</Notice>}
    </>
  )
}
