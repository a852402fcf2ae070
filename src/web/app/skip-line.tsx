import type { Session } from '#protocol/sessions'
import { messageOf } from '../lib/api-error.ts'
import { formatTimeOfDay } from '../lib/format.ts'
import { useUpdateSession } from '../lib/server-queries.ts'
import { useSessionRights } from '../lib/session-rights.ts'
import { Button } from '../ui/button.tsx'
import styles from './skip.module.css'
import { skipText } from './text-skip.ts'

/** Below a session's header for as long as it skips approvals, on every device. */
export function SkipLine({ session, until }: { session: Session; until: string }) {
  const { maySteer } = useSessionRights()
  const { mutate: update, isPending, error } = useUpdateSession(session.id)
  return (
    <div className={styles.line}>
      <p className={styles.words} role="status">
        <svg className={styles.glyph} viewBox="0 0 16 16" aria-hidden>
          <path d="M8 1.5 15 14H1Z M8 6v4 M8 11.8v.4" />
        </svg>
        {error === null ? skipText.until(formatTimeOfDay(until)) : messageOf(error)}
      </p>
      {maySteer && (
        <Button disabled={isPending} onClick={() => update({ mode: 'default' })}>
          {skipText.askAgain}
        </Button>
      )}
    </div>
  )
}
