import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../../lib/api-error.ts'
import { authToken } from '../../lib/auth-token.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useSignedIn } from '../signed-in-context.ts'
import { invitationText } from '../text-invitation.ts'
import styles from './invitation-screen.module.css'

interface InvitationScreenProps {
  /** The code of the link. */
  code: string
  onStay: () => void
}

/** What somebody sees who is signed in and opens an invitation: it is for those who have no account. */
export function InvitationScreen({ code, onStay }: InvitationScreenProps) {
  const { user, status } = useSignedIn()
  const [isEnding, setIsEnding] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  function signOut() {
    setIsEnding(true)
    setFailure(null)
    authToken.signOut(`invite=${encodeURIComponent(code)}`).catch((error: unknown) => {
      setIsEnding(false)
      setFailure(messageOf(error))
    })
  }

  const isOpenToAll = status.platformMode || user === null
  return (
    <main className={styles.screen}>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {invitationText.title}
      </h1>
      <p>{isOpenToAll ? invitationText.openToAll : invitationText.text(user.username)}</p>
      {failure !== null && <Notice tone="negative">{failure}</Notice>}
      {isOpenToAll ? (
        <Button variant="primary" wide onClick={onStay}>
          {invitationText.goOn}
        </Button>
      ) : (
        <>
          <Button variant="primary" wide disabled={isEnding} onClick={signOut}>
            {isEnding ? invitationText.signingOut : invitationText.signOut}
          </Button>
          <Button wide onClick={onStay}>
            {invitationText.stay(user.username)}
          </Button>
        </>
      )}
    </main>
  )
}
