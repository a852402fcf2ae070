import { memo, useState } from 'react'
import { Button } from '../button.tsx'
import { classNames } from '../class-names.ts'
import { ScrollArea } from '../code/scroll-area.tsx'
import { VisibleText } from '../code/visible-text.tsx'
import styles from './diff-view.module.css'
import { diffText } from './text-diff.ts'
import type { DiffLine, LineDiff } from './unified-diff.ts'

/** So many lines are drawn before one asks for the rest. */
export const DIFF_LINES_SHOWN = 400

interface DiffViewProps {
  path: string
  /** Null while it is being computed. */
  diff: LineDiff | null
  /** Long lines wrap, so that nothing is out of sight; otherwise they scroll sideways. */
  wraps?: boolean
  /** For whoever must know that all was shown: whether all lines are drawn, with `onShowAll`. */
  showsAll?: boolean
  onShowAll?: () => void
}

/** The lines of a change with their numbers and signs; scrolls in itself. */
export function DiffView({ path, diff, wraps = false, showsAll: isToldToShowAll = false, onShowAll }: DiffViewProps) {
  const [isOpened, setIsOpened] = useState(false)
  const showsAll = isOpened || isToldToShowAll
  if (diff === null) return <p className={styles.note}>{diffText.computing}</p>
  if (diff.lines.length === 0) return <p className={styles.note}>{diffText.noChange}</p>
  const lines = showsAll ? diff.lines : diff.lines.slice(0, DIFF_LINES_SHOWN)
  return (
    <div className={styles.diff}>
      <ScrollArea label={diffText.changes(path)} className={styles.scroll}>
        <div className={classNames(styles.lines, wraps && styles.wraps)}>
          {lines.map((line, index) => (
            <Line key={index} line={line} />
          ))}
        </div>
      </ScrollArea>
      {lines.length < diff.lines.length && (
        <Button variant="quiet" wide onClick={onShowAll ?? (() => setIsOpened(true))}>
          {diffText.showAll(diff.lines.length)}
        </Button>
      )}
    </div>
  )
}

const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '−', gap: '⋯' }

const Line = memo(function Line({ line }: { line: DiffLine }) {
  return (
    <div className={classNames(styles.line, styles[line.kind])}>
      <span className={styles.number} aria-hidden>
        {line.newLine ?? line.oldLine ?? ''}
      </span>
      <span className={styles.sign}>{SIGNS[line.kind]}</span>
      <span className={styles.text}>
        <VisibleText text={line.text} />
      </span>
    </div>
  )
})
