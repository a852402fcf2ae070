import type { SessionId } from '#protocol/ids'
import { useSessionView } from '../../lib/session-store.ts'
import { FoldLine } from './fold-line.tsx'
import { PlanLine, PlanList } from './plan-list.tsx'
import styles from './plan-list.module.css'

/** The session's to-do list while something of it is to be done, docked so that it stays in sight. */
export function PlanPanel({ sessionId }: { sessionId: SessionId }) {
  const plan = useSessionView(sessionId, (view) => view.plan)
  const isRunning = useSessionView(sessionId, (view) => view.turn !== null)
  if (plan === null || !isRunning || !plan.entries.some((entry) => entry.status !== 'completed')) return null
  return (
    <div className={styles.panel}>
      <FoldLine
        foldKey={`panel:${sessionId}`}
        line={<PlanLine plan={plan} />}
        body={() => (
          <div className={styles.panelBody}>
            <PlanList entries={plan.entries} />
          </div>
        )}
      />
    </div>
  )
}
