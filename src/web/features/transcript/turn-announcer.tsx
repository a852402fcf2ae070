import { useState } from 'react'
import type { SessionId } from '#protocol/ids'
import type { SessionView } from '#protocol/session-reducer'
import { elementAt } from '#protocol/session-view/chunked-list'
import type { TurnItem } from '#protocol/session-view/items'
import { useSessionLoad, useSessionView } from '../../lib/session-store.ts'
import { transcriptText } from './text-transcript.ts'

interface TurnAnnouncerProps {
  sessionId: SessionId
  agentName: string
}

/** Says to whoever listens that a turn has ended; the stream itself is not read out word by word. */
export function TurnAnnouncer({ sessionId, agentName }: TurnAnnouncerProps) {
  const load = useSessionLoad(sessionId)
  return load.status === 'live' ? <LiveAnnouncer sessionId={sessionId} agentName={agentName} /> : null
}

function LiveAnnouncer({ sessionId, agentName }: TurnAnnouncerProps) {
  const turn = useSessionView(sessionId, selectLastTurn)
  // What ended before one looked is no news.
  const [known] = useState(turn)
  return (
    <p role="status" className="visually-hidden">
      {turn === null || turn === known ? '' : wordsOf(turn, agentName)}
    </p>
  )
}

function selectLastTurn({ items, turn }: SessionView): TurnItem | null {
  // While a turn runs the one before it is long said.
  if (turn !== null) return null
  for (let index = items.length - 1; index >= 0; index--) {
    const item = elementAt(items, index)
    if (item?.kind === 'turn') return item
  }
  return null
}

function wordsOf({ outcome }: TurnItem, agentName: string): string {
  if (outcome === 'completed') return transcriptText.finished(agentName)
  return outcome === 'stopped' ? transcriptText.stoppedTurn : transcriptText.failedTurn(agentName)
}
