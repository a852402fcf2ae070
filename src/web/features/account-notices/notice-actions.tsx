import type { ReactNode } from 'react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { LoginId } from '#protocol/ids'
import type { AccountNotice, NoticeKind } from '#protocol/logins'
import { messageOf } from '../../lib/api-error.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import styles from './notice-card.module.css'
import { noticeText } from './text-notices.ts'
import { useEndLogin } from './use-notices.ts'

interface NoticeActionsProps {
  notice: AccountNotice
  /** The login that can be ended from here; null where it has ended. */
  endable: LoginId | null
  /** What was to be done is done, or is on the screen that was opened. */
  onDone: () => void
  /** Beside the buttons. */
  children: ReactNode
}

/** What can be done about it. */
export function NoticeActions({ notice, endable, onDone, children }: NoticeActionsProps) {
  // What was ended here goes on saying so.
  const [loginId] = useState(endable)
  if (loginId !== null) {
    return (
      <LoginActions device={notice.device ?? noticeText.someDevice} loginId={loginId} onDone={onDone}>
        {children}
      </LoginActions>
    )
  }
  return (
    <div className={styles.actions}>
      {PLACES[notice.kind].map(({ href, label }) => (
        <Link key={href} href={href} className={buttonClass('secondary')} onClick={onDone}>
          {label}
        </Link>
      ))}
      {children}
    </div>
  )
}

const DEVICES = { href: '/account#devices', label: noticeText.lookAtDevices }
const PASSWORD = { href: '/account#password', label: noticeText.changePassword }
const FACTORS = { href: '/account#factors', label: noticeText.lookAtFactors }
const KEYS = { href: '/account#api-keys', label: noticeText.lookAtKeys }

const PLACES: Readonly<Record<NoticeKind, readonly { href: string; label: string }[]>> = {
  'new-login': [DEVICES, PASSWORD],
  'refresh-reused': [DEVICES, PASSWORD],
  'password-changed': [DEVICES],
  'password-reset': [PASSWORD],
  'factor-added': [FACTORS],
  'factor-removed': [FACTORS],
  'recovery-code-used': [FACTORS],
  'api-key-created': [KEYS],
  'failed-logins': [PASSWORD],
}

interface LoginActionsProps {
  device: string
  loginId: LoginId
  onDone: () => void
  children: ReactNode
}

function LoginActions({ device, loginId, onDone, children }: LoginActionsProps) {
  const { mutate: endLogin, isPending, isSuccess, error } = useEndLogin()
  if (isSuccess) {
    return (
      <>
        <p className={styles.outcome}>{noticeText.ended(device)}</p>
        <div className={styles.actions}>
          <Link href={PASSWORD.href} className={buttonClass('primary')} onClick={onDone}>
            {PASSWORD.label}
          </Link>
          {children}
        </div>
      </>
    )
  }
  return (
    <>
      {error !== null && (
        <p role="alert" className={styles.error}>
          {messageOf(error)}
        </p>
      )}
      <div className={styles.actions}>
        <Button onClick={onDone}>{noticeText.yes}</Button>
        <Button variant="danger" aria-disabled={isPending} onClick={() => !isPending && endLogin(loginId)}>
          {isPending ? noticeText.ending : noticeText.endLogin}
        </Button>
        {children}
      </div>
    </>
  )
}
