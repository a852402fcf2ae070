import Eye from 'lucide-react/icons/eye'
import type { SessionId } from '#protocol/ids'
import styles from './composer.module.css'
import { watchText } from './text-composer.ts'
import { UsageFoot } from './usage-foot.tsx'

interface WatchLineProps {
  sessionId: SessionId
  /** Who started the session; null for whoever watches. */
  startedBy: string | null
  /** Whether the role would allow prompts in a session of one's own. */
  mayTakePart: boolean
}

/** Stands in the composer's place for whoever may only watch, and says why. */
export function WatchLine({ sessionId, startedBy, mayTakePart }: WatchLineProps) {
  return (
    <div className={styles.composer}>
      <div className={styles.watch}>
        <Eye size={16} aria-hidden />
        <p className={styles.watchWords}>{mayTakePart && startedBy !== null ? watchText.session(startedBy) : watchText.role}</p>
        <UsageFoot sessionId={sessionId} />
      </div>
    </div>
  )
}
