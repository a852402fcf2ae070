import ArrowDown from 'lucide-react/icons/arrow-down'
import type { Ref } from 'react'
import { useEffect, useImperativeHandle, useState } from 'react'
import { Virtualizer } from 'virtua'
import type { SessionId } from '#protocol/ids'
import type { SessionView } from '#protocol/session-reducer'
import type { PromptItem } from '#protocol/session-view/items'
import { useSessionLoad, useSessionView } from '../../lib/session-store.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { classNames } from '../../ui/class-names.ts'
import { FeedRow } from './feed-row.tsx'
import { PromptRow } from './prompt-row.tsx'
import { TurnAnnouncer } from './turn-announcer.tsx'
import { type Row, selectRows } from './rows.ts'
import { SessionEnd } from './session-end.tsx'
import { transcriptText } from './text-transcript.ts'
import styles from './transcript.module.css'
import { useFeedKeys } from './use-feed-keys.ts'
import { useFollowEnd } from './use-follow-end.ts'

export interface TranscriptHandle {
  goToEnd: () => void
}

interface TranscriptProps {
  sessionId: SessionId
  /** The agent's name, over its words. */
  agentName: string
  ref?: Ref<TranscriptHandle>
}

/** The conversation, of which only what is seen is drawn. Follows its end while the reader is there. */
export function Transcript({ sessionId, agentName, ref }: TranscriptProps) {
  const rows = useSessionView(sessionId, selectRows)
  const isRunning = useSessionView(sessionId, isTurnRunning)
  const { scroller, isFollowing, noteScroll, noteResize, holdPlace, goToEnd } = useFollowEnd()
  const { activeKey, keepMounted, virtualizer, onKeyDown, onFocus } = useFeedKeys(rows)
  useImperativeHandle(ref, () => ({ goToEnd }), [goToEnd])
  useEffect(noteResize, [rows, noteResize])
  const status = useEmptyStatus(sessionId, rows)

  return (
    <div className={styles.transcript}>
      <div
        ref={scroller}
        role="feed"
        aria-label={transcriptText.conversation}
        aria-busy={isRunning}
        className={styles.scroller}
        onScroll={noteScroll}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onClickCapture={({ target }) => {
          if (target instanceof Element && target.closest('[data-fold]') !== null) holdPlace()
        }}
      >
        {status}
        <Virtualizer ref={virtualizer} scrollRef={scroller} data={rows} keepMounted={keepMounted} bufferSize={600} onResize={noteResize}>
          {(row, index) => (
            <FeedRow
              key={row.key}
              row={row}
              sessionId={sessionId}
              agentName={agentName}
              position={index + 1}
              total={rows.length}
              isActive={row.key === activeKey}
            />
          )}
        </Virtualizer>
        <NextPrompts sessionId={sessionId} />
        <SessionEnd sessionId={sessionId} onResize={noteResize} />
      </div>
      <TurnAnnouncer sessionId={sessionId} agentName={agentName} />
      {!isFollowing && <ToEnd rows={rows} goToEnd={goToEnd} />}
    </div>
  )
}

function isTurnRunning(view: SessionView): boolean {
  return view.turn !== null
}

/** Prompts that are about to begin a turn, where they will stand. */
function NextPrompts({ sessionId }: { sessionId: SessionId }) {
  const prompts = useSessionView(sessionId, selectNextPrompts)
  return prompts.map((prompt) => (
    <div key={prompt.id} className={classNames(styles.row, styles.promptRow)}>
      <PromptRow prompt={prompt} />
    </div>
  ))
}

const noPrompts: readonly PromptItem[] = []

function selectNextPrompts(view: SessionView): readonly PromptItem[] {
  return view.turn === null ? view.queued : noPrompts
}

/** What stands where the rows will be. */
function useEmptyStatus(sessionId: SessionId, rows: readonly Row[]) {
  const load = useSessionLoad(sessionId)
  const isStarting = useSessionView(sessionId, (view) => view.queued.length > 0 || view.state === 'starting')
  if (load.status === 'failed') return <EmptyState title={transcriptText.failedTitle}>{load.message}</EmptyState>
  if (rows.length > 0) return null
  if (load.status === 'loading') {
    return (
      <div className={styles.loading}>
        <Skeleton label={transcriptText.loading} rows={6} />
      </div>
    )
  }
  if (isStarting) return null
  return <EmptyState title={transcriptText.emptyTitle}>{transcriptText.empty}</EmptyState>
}

/** The way back to the end, with how much came since one left it. Mounted while one is away. */
function ToEnd({ rows, goToEnd }: { rows: readonly Row[]; goToEnd: () => void }) {
  const [countBefore] = useState(rows.length)
  const count = rows.length - countBefore
  return (
    <div className={styles.toEnd}>
      <Button onClick={goToEnd} aria-label={transcriptText.toEnd}>
        <ArrowDown size={16} aria-hidden />
        {count > 0 ? transcriptText.newItems(count) : transcriptText.toEnd}
      </Button>
    </div>
  )
}
