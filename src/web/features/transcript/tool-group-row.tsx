import type { ReactNode } from 'react'
import { useMemo } from 'react'
import type { SessionId } from '#protocol/ids'
import type { ToolItem } from '#protocol/session-view/items'
import { findTool } from '#protocol/session-view/session-view'
import { useSessionView } from '../../lib/session-store.ts'
import { FoldLine } from './fold-line.tsx'
import { ToolGlyph } from './tool-glyph.tsx'
import styles from './tool-row.module.css'
import { summarizeGroup } from './tool-summary.ts'

interface ToolGroupRowProps {
  sessionId: SessionId
  itemIds: readonly string[]
  renderItem: (itemId: string) => ReactNode
}

/** Neighbouring calls that only looked, as one line; alone a call is its own line. */
export function ToolGroupRow({ sessionId, itemIds, renderItem }: ToolGroupRowProps) {
  const [first, ...others] = itemIds
  if (first === undefined) return null
  if (others.length === 0) return renderItem(first)
  return <ToolGroup sessionId={sessionId} itemIds={itemIds} renderItem={renderItem} />
}

function ToolGroup({ sessionId, itemIds, renderItem }: ToolGroupRowProps) {
  const tools = useTools(sessionId, itemIds)
  const { state, words } = summarizeGroup(tools)
  return (
    <FoldLine
      foldKey={`group:${itemIds[0] ?? ''}`}
      line={
        <>
          <ToolGlyph toolKind="read" state={state} />
          <span className={styles.words}>{words}</span>
        </>
      }
      body={() => <div className={styles.children}>{itemIds.map(renderItem)}</div>}
    />
  )
}

/** The calls of the group. They are few; what they tell is computed anew whenever something in the session changed. */
function useTools(sessionId: SessionId, itemIds: readonly string[]): ToolItem[] {
  const view = useSessionView(sessionId, (current) => current)
  return useMemo(() => itemIds.flatMap((id) => findTool(view, id) ?? []), [view, itemIds])
}
