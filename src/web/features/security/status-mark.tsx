import CircleCheck from 'lucide-react/icons/circle-check'
import CircleMinus from 'lucide-react/icons/circle-minus'
import CircleX from 'lucide-react/icons/circle-x'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { CheckStatus } from '#protocol/posture'
import styles from './security.module.css'
import { statusNames } from './text-security.ts'

const ICONS = { pass: CircleCheck, warn: TriangleAlert, fail: CircleX, 'not-applicable': CircleMinus }
const CLASSES = { pass: styles.passed, warn: styles.warned, fail: styles.failed, 'not-applicable': styles.idle }

/** Glyph and colour; the word is there for whoever cannot see them. */
export function StatusMark({ status }: { status: CheckStatus }) {
  const Icon = ICONS[status]
  return (
    <span className={CLASSES[status]} title={statusNames[status]}>
      <Icon size={16} aria-hidden />
      <span className="visually-hidden">{statusNames[status]}: </span>
    </span>
  )
}
