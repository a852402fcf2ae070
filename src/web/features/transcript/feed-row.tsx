import { memo } from 'react'
import type { SessionId } from '#protocol/ids'
import { classNames } from '../../ui/class-names.ts'
import { ItemRow } from './item-row.tsx'
import type { Row } from './rows.ts'
import { ToolGroupRow } from './tool-group-row.tsx'
import styles from './transcript.module.css'

interface FeedRowProps {
  row: Row
  sessionId: SessionId
  agentName: string
  /** From 1. */
  position: number
  total: number
  /** The row that Tab leads to. */
  isActive: boolean
}

const ROW_CLASSES = { item: styles.itemRow, line: styles.lineRow, group: styles.lineRow, prompt: styles.promptRow }

/** One row of the transcript, as an article of the feed. */
export const FeedRow = memo(function FeedRow({ row, sessionId, agentName, position, total, isActive }: FeedRowProps) {
  const place = { 'aria-posinset': position, 'aria-setsize': total, tabIndex: isActive ? 0 : -1, 'data-row': row.key }
  return (
    <article {...place} className={classNames(styles.row, ROW_CLASSES[row.kind])}>
      {row.isAnswerStart && <p className={styles.agentName}>{agentName}</p>}
      <RowContent row={row} sessionId={sessionId} />
    </article>
  )
}, hasSameContent)

/** Rows are made anew with each list; what is in them seldom changes. */
function hasSameContent(before: FeedRowProps, after: FeedRowProps): boolean {
  const isSameRow =
    before.row === after.row ||
    (before.row.key === after.row.key &&
      before.row.itemIds.length === after.row.itemIds.length &&
      before.row.isAnswerStart === after.row.isAnswerStart)
  return (
    isSameRow &&
    before.sessionId === after.sessionId &&
    before.agentName === after.agentName &&
    before.position === after.position &&
    before.total === after.total &&
    before.isActive === after.isActive
  )
}

function RowContent({ row, sessionId }: Pick<FeedRowProps, 'row' | 'sessionId'>) {
  if (row.kind === 'group') {
    return (
      <ToolGroupRow
        sessionId={sessionId}
        itemIds={row.itemIds}
        renderItem={(itemId) => <ItemRow key={itemId} sessionId={sessionId} itemId={itemId} />}
      />
    )
  }
  return row.itemIds.map((itemId) => <ItemRow key={itemId} sessionId={sessionId} itemId={itemId} />)
}
