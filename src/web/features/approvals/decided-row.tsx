import { Link } from 'wouter'
import type { DecidedApproval } from '#protocol/approvals'
import { formatStamp } from '../../lib/format.ts'
import { ruleAddress, ruleInWords } from '../../lib/rule-in-words.ts'
import { useProjects } from '../../lib/server-queries.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { StateMark, type StateTone } from '../../ui/state-mark.tsx'
import styles from './history.module.css'
import { historyText } from './text-history.ts'

const TONES: Record<DecidedApproval['outcome'], StateTone> = {
  allowed: 'done',
  denied: 'failed',
  'timed-out': 'offline',
  cancelled: 'offline',
}

/** One decision: what was asked, how it ended, by whom and when. */
export function DecidedRow({ decided, reader }: { decided: DecidedApproval; reader: string | null }) {
  const { outcome, at, by, title, toolName, sessionId, projectId } = decided
  const { data: projects = [] } = useProjects()
  const ruleId = by.kind === 'rule' ? ruleInWords(by.name).ruleId : null
  const project = projects.find(({ id }) => id === projectId)?.name
  return (
    <li className={styles.row}>
      <StateMark tone={TONES[outcome]} word={historyText.outcomes[outcome]} />
      <div className={styles.what}>
        <code className={styles.title}>
          <span className={styles.quiet}>{toolName}</span> <VisibleText text={title} />
        </code>
        <p className={styles.facts}>
          {factsOf(decided, reader).map((fact) => (
            <span key={fact}>
              <VisibleText text={fact} />
            </span>
          ))}
          {ruleId !== null && <Link href={ruleAddress(ruleId)}>{historyText.openRule}</Link>}
        </p>
      </div>
      <p className={styles.where}>
        <time dateTime={at}>{formatStamp(at)}</time>
        <Link href={`/sessions/${sessionId}`}>{project === undefined ? historyText.session : `${project} › ${historyText.session}`}</Link>
      </p>
    </li>
  )
}

function factsOf({ by, owner, reason, risk, edited }: DecidedApproval, reader: string | null): string[] {
  const who = [deciderOf(by), by.device].filter((part) => part !== undefined).join(' · ')
  return [
    who,
    ...(reader === null || reader === owner ? [] : [historyText.startedBy(owner)]),
    ...(risk === 'low' ? [] : [historyText.risk[risk]]),
    ...(edited ? [historyText.edited] : []),
    ...(reason === null || reason === by.name ? [] : [historyText.reason(reason)]),
  ]
}

function deciderOf({ kind, name }: DecidedApproval['by']): string {
  if (kind === 'rule') return historyText.rule(ruleInWords(name).words)
  return kind === 'system' ? historyText.systemEnd(name) : name
}
