import type { SessionId } from '#protocol/ids'
import type { SessionView } from '#protocol/session-reducer'
import type { Usage } from '#protocol/sessions'
import { useSessionView } from '../../lib/session-store.ts'
import styles from './composer.module.css'
import { composerText } from './text-composer.ts'

/** How full the model's window is, and what the session cost. */
export function UsageFoot({ sessionId }: { sessionId: SessionId }) {
  const usage = useSessionView(sessionId, selectUsage)
  if (usage === null) return null
  return (
    <>
      <ContextMeter usage={usage} />
      {usage.costUsd !== null && <span title={composerText.costTitle}>{composerText.cost(usage.costUsd)}</span>}
    </>
  )
}

function selectUsage(view: SessionView): Usage | null {
  return view.usage
}

function ContextMeter({ usage: { contextUsed, contextWindow } }: { usage: Usage }) {
  if (contextUsed === null) return null
  if (contextWindow === null || contextWindow === 0) return <span>{composerText.contextUsed(contextUsed)}</span>
  const words = composerText.context(Math.round((contextUsed / contextWindow) * 100))
  return (
    <span className={styles.meterBox} title={composerText.contextTitle(contextUsed, contextWindow)}>
      <meter className={styles.meter} min={0} max={contextWindow} value={contextUsed} aria-label={words} />
      {words}
    </span>
  )
}
