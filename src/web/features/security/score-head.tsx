import type { Posture } from '#protocol/posture'
import { useNow } from '../../lib/use-now.ts'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import { Since } from '../../ui/settings/since.tsx'
import styles from './security.module.css'
import { postureText } from './text-security.ts'

const RADIUS = 42
const WAY = 2 * Math.PI * RADIUS
const GOOD = 90
const FAIR = 70

interface ScoreHeadProps {
  posture: Posture
  isLooking: boolean
  onLook: () => void
}

/** The score, what holds it down, and a button that looks again. */
export function ScoreHead({ posture: { score, cap, counts, at }, isLooking, onLook }: ScoreHeadProps) {
  const now = useNow()
  return (
    <div className={styles.head}>
      <Ring score={score} />
      <div className={styles.headWords}>
        <div role="status" className={styles.headStatus}>
          <p className={styles.score}>{postureText.score(score)}</p>
          {cap !== null && <p>{postureText.cap(cap.score, cap.because)}</p>}
          <p className={styles.quiet}>{postureText.counts(counts.pass, counts.warn, counts.fail, counts.notApplicable)}</p>
        </div>
        <div className={styles.headFoot}>
          <PendingButton isBusy={isLooking} onClick={onLook}>
            {isLooking ? postureText.looking : postureText.again}
          </PendingButton>
          <span className={styles.quiet}>
            {postureText.looked} <Since at={at} now={now} />
          </span>
        </div>
      </div>
    </div>
  )
}

/** Says nothing that the words beside it do not. */
function Ring({ score }: { score: number }) {
  const tone = score >= GOOD ? styles.good : score >= FAIR ? styles.fair : styles.bad
  return (
    <svg className={styles.ring} viewBox="0 0 100 100" aria-hidden="true">
      <circle className={styles.ringGround} cx="50" cy="50" r={RADIUS} />
      <circle className={tone} cx="50" cy="50" r={RADIUS} strokeDasharray={`${(score / 100) * WAY} ${WAY}`} transform="rotate(-90 50 50)" />
      <text className={styles.ringText} x="50" y="50" textAnchor="middle" dominantBaseline="central">
        {score}
      </text>
    </svg>
  )
}
