import type { BlockItem } from '#protocol/session-view/items'
import { classNames } from '../../ui/class-names.ts'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import { FoldLine } from './fold-line.tsx'
import styles from './rows.module.css'
import { transcriptText } from './text-transcript.ts'

/** Prose of the agent, as it is written. */
export function TextRow({ block }: { block: BlockItem }) {
  if (block.text.trim() === '') return null
  return (
    <div className={styles.prose}>
      <Markdown text={block.text} isGrowing={!block.isComplete} />
    </div>
  )
}

/** What the agent thought, folded. */
export function ReasoningRow({ block }: { block: BlockItem }) {
  return (
    <FoldLine
      foldKey={block.id}
      line={<span>{wordsOf(block)}</span>}
      body={
        block.text.trim() === ''
          ? null
          : () => (
              <div className={classNames(styles.prose, styles.reasoning)}>
                <Markdown text={block.text} isGrowing={!block.isComplete} />
              </div>
            )
      }
    />
  )
}

function wordsOf(block: BlockItem): string {
  if (!block.isComplete) return `${transcriptText.thinking}…`
  return block.durationMs === null || block.durationMs < 500 ? transcriptText.thought : transcriptText.thoughtFor(block.durationMs)
}
