import type { ReactNode } from 'react'
import { memo, useState } from 'react'
import type { SessionId } from '#protocol/ids'
import type { SessionItem } from '#protocol/session-view/items'
import { elementAt } from '#protocol/session-view/chunked-list'
import { findItem } from '#protocol/session-view/session-view'
import type { SessionView } from '#protocol/session-reducer'
import { useSessionRights } from '../../lib/session-rights.ts'
import { useSessionView } from '../../lib/session-store.ts'
import { Button } from '../../ui/button.tsx'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { ApprovalLine } from './approval-line.tsx'
import { ReasoningRow, TextRow } from './block-row.tsx'
import { CompactionRow, ExitRow, NoticeRow } from './notice-row.tsx'
import { PlanRow } from './plan-list.tsx'
import { PromptRow } from './prompt-row.tsx'
import styles from './rows.module.css'
import { toolText } from './text-transcript.ts'
import { ToolRow } from './tool-row.tsx'
import { TurnRow } from './turn-row.tsx'

interface ItemRowProps {
  sessionId: SessionId
  itemId: string
}

/** One item. It is drawn again only when the item itself changed. */
export const ItemRow = memo(function ItemRow({ sessionId, itemId }: ItemRowProps) {
  const item = useSessionView(sessionId, (view) => findItem(view, itemId))
  return item === undefined ? null : renderItem(item.kind, item, sessionId)
})

type Kind = SessionItem['kind']
type ItemOf<K extends Kind> = Extract<SessionItem, { kind: K }>
type Renderers = { readonly [K in Kind]: (item: ItemOf<K>, sessionId: SessionId) => ReactNode }

const renderers: Renderers = {
  prompt: (item) => <PromptRow prompt={item} />,
  text: (item) => <TextRow block={item} />,
  reasoning: (item) => <ReasoningRow block={item} />,
  tool: (item, sessionId) => <SessionToolRow sessionId={sessionId} tool={item} />,
  plan: (item) => <PlanRow plan={item} />,
  notice: (item, sessionId) => <SessionNoticeRow sessionId={sessionId} notice={item} />,
  compaction: (item) => <CompactionRow compaction={item} />,
  approval: (item) => <ApprovalRow item={item} />,
  turn: (item) => <TurnRow turn={item} />,
  exit: (item) => <ExitRow exit={item} />,
}

function renderItem<K extends Kind>(kind: K, item: ItemOf<K>, sessionId: SessionId): ReactNode {
  const render: (item: ItemOf<K>, sessionId: SessionId) => ReactNode = renderers[kind]
  return render(item, sessionId)
}

function SessionToolRow({ sessionId, tool }: { sessionId: SessionId; tool: ItemOf<'tool'> }) {
  const cwd = useSessionView(sessionId, selectCwd)
  // One function for the life of the row, so that the row is drawn again only with its call.
  const [renderChildren] = useState(() => (itemIds: readonly string[]) => <Steps sessionId={sessionId} itemIds={itemIds} />)
  return <ToolRow tool={tool} cwd={cwd} renderChildren={renderChildren} />
}

function selectCwd(view: SessionView): string | null {
  return view.cwd
}

/** So many steps of a sub-agent are drawn at first, the newest. */
const LAST_STEPS = 100

/** What a sub-agent did. */
function Steps({ sessionId, itemIds }: { sessionId: SessionId; itemIds: readonly string[] }) {
  const [showsAll, setShowsAll] = useState(false)
  const hidden = showsAll ? 0 : Math.max(0, itemIds.length - LAST_STEPS)
  return (
    <div className={styles.steps}>
      {hidden > 0 && (
        <Button variant="quiet" onClick={() => setShowsAll(true)}>
          {toolText.earlierSteps(hidden)}
        </Button>
      )}
      {itemIds.slice(hidden).map((itemId) => (
        <ItemRow key={itemId} sessionId={sessionId} itemId={itemId} />
      ))}
    </div>
  )
}

function SessionNoticeRow({ sessionId, notice }: { sessionId: SessionId; notice: ItemOf<'notice'> }) {
  const isLatest = useSessionView(sessionId, (view) => view.turn !== null && elementAt(view.items, view.items.length - 1)?.id === notice.id)
  return <NoticeRow notice={notice} isLatest={isLatest} />
}

function Waiting() {
  return useSessionRights().mayDecide ? <p className={styles.waiting}>{toolText.waiting}</p> : <p>{toolText.waitingElsewhere}</p>
}

function ApprovalRow({ item }: { item: ItemOf<'approval'> }) {
  return (
    <div className={styles.notice}>
      <p className={styles.asked}>
        <VisibleText text={item.title} />
      </p>
      {item.approval.outcome === null ? <Waiting /> : <ApprovalLine mark={item.approval} />}
    </div>
  )
}
