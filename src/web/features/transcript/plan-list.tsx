import type { PlanEntry, PlanItem } from '#protocol/session-view/items'
import { classNames } from '../../ui/class-names.ts'
import { StateMark, type StateTone } from '../../ui/state-mark.tsx'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import { FoldLine } from './fold-line.tsx'
import styles from './plan-list.module.css'
import { planText } from './text-transcript.ts'

const TONES: Record<PlanEntry['status'], StateTone> = { pending: 'idle', in_progress: 'working', completed: 'done' }

/** The agent's to-do list of a turn, in one line. */
export function PlanRow({ plan }: { plan: PlanItem }) {
  return (
    <FoldLine
      foldKey={plan.id}
      line={<PlanLine plan={plan} />}
      body={() => (plan.markdown === null ? <PlanList entries={plan.entries} /> : <Markdown text={plan.markdown} />)}
    />
  )
}

/** `Plan 3 of 5 done · Running the tests`. */
export function PlanLine({ plan }: { plan: PlanItem }) {
  const done = plan.entries.filter((entry) => entry.status === 'completed').length
  const current = plan.entries.find((entry) => entry.status === 'in_progress')
  return (
    <span className={styles.line}>
      <span className={styles.title}>{planText.title}</span>
      {plan.entries.length > 0 && <span>{planText.progress(done, plan.entries.length)}</span>}
      {current !== undefined && <span className={styles.current}>{current.activeText ?? current.text}</span>}
    </span>
  )
}

export function PlanList({ entries }: { entries: readonly PlanEntry[] }) {
  return (
    <ol className={styles.list}>
      {entries.map((entry, index) => (
        <li key={index} className={classNames(styles.entry, entry.status === 'completed' && styles.done)}>
          <StateMark tone={TONES[entry.status]} word={planText.states[entry.status]} glyphOnly />
          <span>{entry.text}</span>
        </li>
      ))}
    </ol>
  )
}
