import type { ReactNode } from 'react'
import { memo, useState } from 'react'
import type { ToolItem } from '#protocol/session-view/items'
import { formatDuration } from '../../lib/format-quantity.ts'
import { useSessionRights } from '../../lib/session-rights.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { DiffCount } from '../../ui/diff/diff-count.tsx'
import { useLineDiff } from '../../ui/diff/use-line-diff.ts'
import { ApprovalLine } from './approval-line.tsx'
import { FoldLine } from './fold-line.tsx'
import { RawView } from './raw-view.tsx'
import { toolText } from './text-transcript.ts'
import { ToolBody } from './tool-body.tsx'
import { ToolGlyph } from './tool-glyph.tsx'
import styles from './tool-row.module.css'
import { summarizeTool, type ToolSummary } from './tool-summary.ts'

export interface ToolRowProps {
  tool: ToolItem
  cwd: string | null
  /** Draws the items of a sub-agent. */
  renderChildren: (itemIds: readonly string[]) => ReactNode
}

/** A tool call in one line, which opens into what it did. */
export const ToolRow = memo(function ToolRow({ tool, cwd, renderChildren }: ToolRowProps) {
  const summary = summarizeTool(tool, cwd)
  const { mayDecide } = useSessionRights()
  return (
    <FoldLine
      foldKey={tool.id}
      // One that waits has a card that shows it whole, and the row keeps its height from pending to done; who may not decide
      // sees no card.
      isOpenByDefault={summary.state === 'failed' || (summary.state === 'waiting' && !mayDecide)}
      line={
        <>
          <ToolGlyph toolKind={tool.toolKind} state={summary.state} />
          <span className={styles.words}>
            {summary.verb !== '' && `${summary.verb} `}
            <span className={classNames(styles.object, tool.toolKind === 'execute' && styles.code)}>
              <VisibleText text={summary.object.replaceAll('\n', ' ')} />
            </span>
          </span>
          <EditCount tool={tool} />
          <Outcome {...summary} />
          {tool.durationMs !== null && tool.durationMs >= 1000 && (
            <span className={styles.duration}>{formatDuration(tool.durationMs)}</span>
          )}
        </>
      }
      body={() => <ToolDetails tool={tool} renderChildren={renderChildren} />}
    />
  )
})

function Outcome({ state, outcome }: ToolSummary) {
  const { mayDecide } = useSessionRights()
  if (state === 'waiting' && !mayDecide) return <span className={styles.outcome}>{toolText.waitingElsewhere}</span>
  return outcome === null ? null : <span className={classNames(styles.outcome, styles[state])}>{outcome}</span>
}

function EditCount({ tool }: { tool: ToolItem }) {
  const [first, ...others] = tool.diffs
  const diff = useLineDiff(first ?? NOTHING)
  if (first === undefined || others.length > 0 || diff === null || diff.lines.length === 0) return null
  return <DiffCount added={diff.added} removed={diff.removed} />
}

const NOTHING = { unified: '' }

function ToolDetails({ tool, renderChildren }: { tool: ToolItem; renderChildren: ToolRowProps['renderChildren'] }) {
  const [isRaw, setIsRaw] = useState(false)
  return (
    <>
      {isRaw ? <RawView tool={tool} /> : <ToolBody tool={tool} />}
      {tool.approval !== null && <ApprovalLine mark={tool.approval} />}
      {tool.childIds.length > 0 && renderChildren(tool.childIds)}
      <div>
        <Button variant="quiet" aria-pressed={isRaw} title={toolText.rawTitle} className={styles.raw} onClick={() => setIsRaw(!isRaw)}>
          {toolText.raw}
        </Button>
      </div>
    </>
  )
}
