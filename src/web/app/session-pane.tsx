import { useCallback, useRef } from 'react'
import type { SessionId } from '#protocol/ids'
import type { SessionView } from '#protocol/session-reducer'
import { ApprovalDock } from '../features/approvals/approval-dock.tsx'
import { Composer } from '../features/composer/composer.tsx'
import { WatchLine } from '../features/composer/watch-line.tsx'
import { PlanPanel } from '../features/transcript/plan-panel.tsx'
import { Transcript, type TranscriptHandle } from '../features/transcript/transcript.tsx'
import { useConnection } from '../lib/connection.ts'
import { useProviders } from '../lib/server-queries.ts'
import { useSessionRights } from '../lib/session-rights.ts'
import { useSessionView } from '../lib/session-store.ts'
import styles from './session-pane.module.css'
import { useCan } from './use-can.ts'
import { useStopByEscape } from './use-stop-by-escape.ts'

/** The conversation of a session, what waits for a decision, and where one writes. Escape stops the running turn. */
export function SessionPane({ sessionId, providerId }: { sessionId: SessionId; providerId: string }) {
  const connection = useConnection()
  const pane = useRef<HTMLDivElement>(null)
  const transcript = useRef<TranscriptHandle>(null)
  const isRunning = useSessionView(sessionId, isTurnRunning)
  const { startedBy, maySteer, mayDecide } = useSessionRights()
  const mayTakePart = useCan('chat')
  const { data: providers = [] } = useProviders()
  const agentName = providers.find((provider) => provider.id === providerId)?.name ?? providerId

  useStopByEscape(
    pane,
    isRunning && maySteer,
    useCallback(() => connection.interrupt(sessionId), [connection, sessionId]),
  )

  const focusPrompt = useCallback(() => pane.current?.querySelector('textarea')?.focus(), [])

  return (
    <div ref={pane} className={styles.pane}>
      <Transcript ref={transcript} sessionId={sessionId} agentName={agentName} />
      <PlanPanel sessionId={sessionId} />
      {mayDecide && <ApprovalDock sessionId={sessionId} agentName={agentName} onFocusLost={focusPrompt} />}
      <div className={styles.composer}>
        {maySteer ? (
          <Composer sessionId={sessionId} agentName={agentName} onSent={() => transcript.current?.goToEnd()} />
        ) : (
          <WatchLine sessionId={sessionId} startedBy={startedBy} mayTakePart={mayTakePart} />
        )}
      </div>
    </div>
  )
}

function isTurnRunning(view: SessionView): boolean {
  return view.turn !== null
}
