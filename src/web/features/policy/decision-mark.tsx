import Ban from 'lucide-react/icons/ban'
import Check from 'lucide-react/icons/check'
import Hand from 'lucide-react/icons/hand'
import type { PolicyDecision } from '#protocol/policy'
import { classNames } from '../../ui/class-names.ts'
import styles from './decision-mark.module.css'
import { decisionNames } from './text-policy.ts'

const GLYPHS = { allow: Check, ask: Hand, deny: Ban } as const

/** A decision as glyph, word and colour, never colour alone. */
export function DecisionMark({ decision }: { decision: PolicyDecision }) {
  const Glyph = GLYPHS[decision]
  return (
    <span className={classNames(styles.mark, styles[decision])}>
      <Glyph size={14} aria-hidden />
      {decisionNames[decision]}
    </span>
  )
}
