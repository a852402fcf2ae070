import X from 'lucide-react/icons/x'
import type { RefObject } from 'react'
import { useEffect, useId, useRef } from 'react'
import type { LoginId } from '#protocol/ids'
import type { AccountNotice } from '#protocol/logins'
import { useNow } from '../../lib/use-now.ts'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isAlarming, noticesFor } from './choose-notice.ts'
import { NoticeActions } from './notice-actions.tsx'
import styles from './notice-card.module.css'
import { noticeText } from './text-notices.ts'
import { useDismissNotice, useKnownLogins } from './use-notices.ts'
import { wordNotice } from './word-notice.ts'

/** The first of what was not seen yet, and how much more there is. */
export function NoticeCard({ notices }: { notices: readonly AccountNotice[] }) {
  const logins = useKnownLogins(notices.some(({ loginId }) => loginId !== null))
  if (logins === undefined) return null
  const [first, ...others] = noticesFor(logins.current, notices)
  if (first === undefined) return null
  const canEnd = first.kind === 'new-login' && first.loginId !== null && logins.isOpen(first.loginId)
  return <Card notice={first} endable={canEnd ? first.loginId : null} more={others.length} />
}

interface CardProps {
  notice: AccountNotice
  /** The login that can be ended from here. */
  endable: LoginId | null
  more: number
}

function Card({ notice, endable, more }: CardProps) {
  const textId = useId()
  const card = useRef<HTMLDivElement>(null)
  const now = useNow()
  const dismiss = useDismissNotice()
  useFocusOnNext(card, notice.id)

  const focusable = { tabIndex: -1 }
  return (
    <div
      {...focusable}
      ref={card}
      role="group"
      aria-labelledby={textId}
      className={classNames(styles.card, isAlarming(notice) && styles.alarming)}
    >
      <div className={styles.head}>
        <p id={textId} className={styles.text}>
          {wordNotice(notice, now)}
        </p>
        <IconButton label={noticeText.dismiss} onClick={() => dismiss(notice.id)}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <NoticeActions key={notice.id} notice={notice} endable={endable} onDone={() => dismiss(notice.id)}>
        {more > 0 && <span className={styles.more}>{noticeText.more(more)}</span>}
      </NoticeActions>
    </div>
  )
}

/** The button that dismissed a notice goes with it: the focus moves on to the next one, and after the last to the content. */
function useFocusOnNext(card: RefObject<HTMLDivElement | null>, noticeId: string): void {
  const hadFocus = useRef(false)
  useEffect(() => {
    const element = card.current
    if (hadFocus.current) element?.focus()
    const note = () => {
      hadFocus.current = element?.contains(document.activeElement) === true
    }
    document.addEventListener('focusin', note)
    note()
    return () => document.removeEventListener('focusin', note)
  }, [card, noticeId])
  useEffect(
    () => () => {
      if (hadFocus.current) document.querySelector('main')?.focus({ preventScroll: true })
    },
    [],
  )
}
