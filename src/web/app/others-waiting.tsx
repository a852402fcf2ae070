import { Link } from 'wouter'
import type { SessionId } from '#protocol/ids'
import { sessionText } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import styles from './others-waiting.module.css'
import { useWaitingCount } from './use-waiting-count.ts'

/** On a phone, inside a session, nothing else tells that another one waits. */
export function OthersWaiting({ sessionId }: { sessionId: SessionId }) {
  const waiting = useWaitingCount(sessionId)
  if (waiting === 0) return null
  return (
    <Link href="/inbox" className={styles.others} aria-label={sessionText.otherWaiting(waiting)}>
      <Badge tone="attention">+{waiting}</Badge>
    </Link>
  )
}
