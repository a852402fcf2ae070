import { Link } from 'wouter'
import type { PolicyRule, RuleDraft } from '#protocol/policy'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDate } from '../../ui/settings/format-since.ts'
import { SettingsRow } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { DecisionMark } from './decision-mark.tsx'
import styles from './policy.module.css'
import { type PolicyNames, usePolicyPlace } from './policy-names.ts'
import { matchWords, scopeWords } from './rule-words.ts'
import { rulesText } from './text-policy.ts'

export interface ShownRule {
  key: string
  rule: RuleDraft
  /** As it is saved; undefined for a new one. */
  saved: PolicyRule | undefined
  /** What saving does to it. */
  state: 'added' | 'changed' | 'removed' | null
}

interface RuleRowProps {
  shown: ShownRule
  now: Date
  mayChange: boolean
  onEdit: () => void
  onRemove: () => void
  onUndo: () => void
}

export function RuleRow({ shown: { rule, saved, state }, now, mayChange, onEdit, onRemove, onUndo }: RuleRowProps) {
  const { names } = usePolicyPlace()
  const words = matchWords(rule.match)
  const isGone = state === 'removed'
  return (
    <SettingsRow
      title={
        <span className={styles.rule}>
          <DecisionMark decision={rule.decision} />
          <span className={classNames(styles.words, isGone && styles.gone)}>{words}</span>
        </span>
      }
      badge={state !== null && <Badge tone={isGone ? 'negative' : 'neutral'}>{rulesText.states[state]}</Badge>}
      facts={factsOf(rule, saved, names, now)}
      actions={
        mayChange && (
          <span className={styles.buttons}>
            {isGone ? (
              <Button aria-label={rulesText.undoNamed(words)} onClick={onUndo}>
                {rulesText.undo}
              </Button>
            ) : (
              <>
                {state === 'changed' && (
                  <Button variant="quiet" aria-label={rulesText.undoNamed(words)} onClick={onUndo}>
                    {rulesText.undo}
                  </Button>
                )}
                <Button aria-label={rulesText.editNamed(words)} onClick={onEdit}>
                  {rulesText.edit}
                </Button>
                <Button variant="quiet" aria-label={rulesText.removeNamed(words)} onClick={onRemove}>
                  {rulesText.remove}
                </Button>
              </>
            )}
          </span>
        )
      }
    />
  )
}

function factsOf(rule: RuleDraft, saved: PolicyRule | undefined, names: PolicyNames, now: Date) {
  const { scope, reason } = rule
  return [
    reason !== '' && reason,
    placeOf(scope, names),
    expiryWords(rule.expiresAt, now),
    saved === undefined ? (
      rulesText.notSaved
    ) : (
      <span key="author">
        {rulesText.by(saved.author)}, <Since at={saved.createdAt} now={now} />
      </span>
    ),
  ].filter((fact) => fact !== false && fact !== null)
}

/** What the heading of the group does not say. */
function placeOf(scope: RuleDraft['scope'], names: PolicyNames) {
  if (scope.kind === 'global') return null
  if (scope.kind !== 'session') return scopeWords(scope, names)
  return (
    <Link key="session" href={`/sessions/${scope.sessionId}`}>
      {rulesText.openSession}
    </Link>
  )
}

function expiryWords(expiresAt: string | null, now: Date): string {
  if (expiresAt === null) return rulesText.forGood
  const date = formatDate(expiresAt)
  return Date.parse(expiresAt) <= now.getTime() ? rulesText.expired(date) : rulesText.until(date)
}
