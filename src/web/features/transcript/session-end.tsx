import { useEffect, useRef } from 'react'
import type { SessionId } from '#protocol/ids'
import type { SessionView } from '#protocol/session-reducer'
import type { SessionState } from '#protocol/sessions'
import { formatDuration } from '../../lib/format-quantity.ts'
import { useSessionView } from '../../lib/session-store.ts'
import { useNow } from '../../lib/use-now.ts'
import { StateMark, type StateTone } from '../../ui/state-mark.tsx'
import { classNames } from '../../ui/class-names.ts'
import { sessionEndText, transcriptText } from './text-transcript.ts'
import styles from './transcript.module.css'

interface SessionEndProps {
  sessionId: SessionId
  /** Called after its height changed. */
  onResize: () => void
}

/** What the session does now, below its last words; of fixed height, so that nothing moves when it begins and ends. */
export function SessionEnd({ sessionId, onResize }: SessionEndProps) {
  const state = useSessionView(sessionId, selectShownState)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const observer = new ResizeObserver(onResize)
    if (box.current !== null) observer.observe(box.current)
    return () => observer.disconnect()
  }, [onResize])
  return (
    <div ref={box} className={classNames(styles.row, styles.end)}>
      <EndWords sessionId={sessionId} state={state} />
    </div>
  )
}

/** What a session that does something does. */
const BUSY: Partial<Record<SessionState, { tone: StateTone; word: string }>> = {
  running: { tone: 'working', word: transcriptText.working },
  compacting: { tone: 'working', word: transcriptText.compacting },
  retrying: { tone: 'working', word: transcriptText.retrying },
  starting: { tone: 'working', word: transcriptText.starting },
}

function EndWords({ sessionId, state }: { sessionId: SessionId; state: SessionState | null }) {
  const since = useSessionView(sessionId, selectSince)
  const busy = state === null ? undefined : BUSY[state]
  if (busy !== undefined) return <Busy {...busy} since={since} />
  if (state === 'interrupted') return <p className={styles.endNotice}>{sessionEndText.interrupted}</p>
  if (state === 'exited') return <p className={styles.endNote}>{sessionEndText.rests}</p>
  return null
}

/** Below this the time says nothing. */
const SHOWN_AFTER_MS = 5000

function Busy({ tone, word, since }: { tone: StateTone; word: string; since: string | null }) {
  const now = useNow(1000)
  const elapsedMs = since === null ? 0 : now.getTime() - Date.parse(since)
  return (
    <p className={styles.endNote}>
      <StateMark tone={tone} word={word} />
      {elapsedMs >= SHOWN_AFTER_MS && <span>{formatDuration(elapsedMs)}</span>}
    </p>
  )
}

/** Null before anything is known. What waits for a person is said by its own card. */
function selectShownState(view: SessionView): SessionState | null {
  if (view.lastSeq === 0) return null
  return view.openApprovals.size > 0 ? 'requires_action' : view.state
}

function selectSince(view: SessionView): string | null {
  return view.turn?.startedAt ?? view.stateSince
}
