import { Fragment, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { PolicyRule, RuleDraft } from '#protocol/policy'
import { formatExactTime } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDate } from '../../ui/settings/format-since.ts'
import { Since } from '../../ui/settings/since.tsx'
import { DecisionMark } from './decision-mark.tsx'
import { MatchParts } from './match-parts.tsx'
import { type PolicyNames, usePolicyPlace } from './policy-names.ts'
import type { ShownRule } from './rule-list.ts'
import { RemoveOwnRule } from './remove-own-rule.tsx'
import { matchWords, personOf, scopeWords } from './rule-words.ts'
import styles from './rules.module.css'
import { rulesText } from './text-policy.ts'

interface RuleRowProps {
  shown: ShownRule
  now: Date
  mayChange: boolean
  /** Whether the address names it: it is brought into view. */
  isMarked: boolean
  onEdit: () => void
  onRemove: () => void
  onUndo: () => void
}

export function RuleRow({ now, mayChange, isMarked, ...row }: RuleRowProps) {
  const { rule, saved, state } = row.shown
  const { names } = usePolicyPlace()
  const ref = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!isMarked) return
    ref.current?.focus({ preventScroll: true })
    ref.current?.scrollIntoView({ block: 'center' })
  }, [isMarked])

  return (
    <li ref={ref} tabIndex={-1} aria-current={isMarked ? true : undefined} className={classNames(styles.row, isMarked && styles.marked)}>
      <span className={styles.mark}>
        <DecisionMark decision={rule.decision} />
      </span>
      <div className={styles.text}>
        <span className={classNames(styles.words, state === 'removed' && styles.gone)}>
          <MatchParts match={rule.match} />
          {isMarked && <Badge>{rulesText.marked}</Badge>}
          {state !== null && <Badge tone={state === 'removed' ? 'negative' : 'neutral'}>{rulesText.states[state]}</Badge>}
        </span>
        <p className={styles.facts}>
          {factsOf(rule, saved, names, now).map((fact, index) => (
            // Facts have no names of their own, and their order stays.
            <Fragment key={index}>
              {index > 0 && <span aria-hidden="true"> · </span>}
              <span className={styles.fact}>{fact}</span>
            </Fragment>
          ))}
        </p>
      </div>
      {mayChange ? <Actions {...row} /> : <OwnActions saved={saved} names={names} />}
    </li>
  )
}

function OwnActions({ saved, names }: { saved: PolicyRule | undefined; names: PolicyNames }) {
  if (saved === undefined || !isOwn(saved, names)) return null
  return (
    <span className={styles.actions}>
      <RemoveOwnRule rule={saved} />
    </span>
  )
}

function Actions({ shown: { rule, state }, onEdit, onRemove, onUndo }: Pick<RuleRowProps, 'shown' | 'onEdit' | 'onRemove' | 'onUndo'>) {
  const words = matchWords(rule.match)
  const undo = (
    <Button variant="quiet" aria-label={rulesText.undoNamed(words)} onClick={onUndo}>
      {rulesText.undo}
    </Button>
  )
  if (state === 'removed') return <span className={styles.actions}>{undo}</span>
  return (
    <span className={styles.actions}>
      {state === 'changed' && undo}
      <Button variant="quiet" aria-label={rulesText.editNamed(words)} onClick={onEdit}>
        {rulesText.edit}
      </Button>
      <Button variant="quiet" aria-label={rulesText.removeNamed(words)} onClick={onRemove}>
        {rulesText.remove}
      </Button>
    </span>
  )
}

/** Those who may not change the policy know of no person but themselves. */
function isOwn({ scope, decision }: PolicyRule, { people }: PolicyNames): boolean {
  // What asks or denies an owner has laid upon them, who alone lifts it.
  if (decision !== 'allow') return false
  const person = personOf(scope)
  return person !== null && people.has(person)
}

function factsOf(rule: RuleDraft, saved: PolicyRule | undefined, names: PolicyNames, now: Date) {
  const { scope, reason, expiresAt } = rule
  return [
    reason !== '' && reason,
    placeOf(scope, names),
    expiresAt !== null && expiryWords(expiresAt, now),
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
    <Fragment key="session">
      <Link href={`/sessions/${scope.sessionId}`}>{rulesText.openSession}</Link>
      {scope.until === 'turn-end' && `, ${rulesText.untilTurnEnd}`}
    </Fragment>
  )
}

const A_DAY_MS = 86_400_000

/** Near the end the hour counts. */
function expiryWords(expiresAt: string, now: Date): string {
  const leftMs = Date.parse(expiresAt) - now.getTime()
  const date = Math.abs(leftMs) < 2 * A_DAY_MS ? formatExactTime(expiresAt) : formatDate(expiresAt)
  return leftMs <= 0 ? rulesText.expired(date) : rulesText.until(date)
}
