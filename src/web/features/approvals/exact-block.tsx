import { memo, useMemo } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { ScrollArea } from '../../ui/code/scroll-area.tsx'
import { type ExactLine, type ExactPiece, exactText } from './exact-lines.ts'
import styles from './exact-text.module.css'
import { countMarks, type Mark } from './hidden-marks.ts'
import { exactWords } from './text-exact.ts'

interface ExactBlockProps {
  label: string
  text: string
  isCommand?: boolean
  /** Whether folds are open. */
  isOpen: boolean
  onOpen: () => void
}

/** A text of an agent in full: lines numbered, what deceives the eye as boxes, and a marked fold where it is long. */
export function ExactBlock({ label, text, isCommand = false, isOpen, onOpen }: ExactBlockProps) {
  const exact = useMemo(() => exactText(text, { isCommand, isOpen }), [text, isCommand, isOpen])
  const isNumbered = exact.lines.length > 1 || exact.tail.length > 1
  return (
    <>
      <ScrollArea label={label} className={classNames(styles.exact, isNumbered && styles.numbered)}>
        <Lines lines={exact.lines} isNumbered={isNumbered} />
        {exact.hidden !== null && (
          <button type="button" className={styles.fold} onClick={onOpen}>
            {exactWords.fold(exact.hidden.characters, exact.hidden.lines)}
          </button>
        )}
        <Lines lines={exact.tail} isNumbered={isNumbered} />
      </ScrollArea>
      <MarkWarning marks={exact.marks} />
    </>
  )
}

/** What deceives the eye, named and counted. */
export function MarkWarning({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null
  return <p className={styles.warning}>{exactWords.marks(marks.length, countMarks(marks))}</p>
}

const Lines = memo(function Lines({ lines, isNumbered }: { lines: readonly ExactLine[]; isNumbered: boolean }) {
  return (
    <>
      {lines.map(({ number, pieces }) => (
        <div key={number} className={styles.line}>
          {isNumbered && (
            <span className={styles.number} aria-hidden>
              {number}
            </span>
          )}
          <code className={styles.text}>
            {pieces.map((piece, index) => (
              <Piece key={index} piece={piece} />
            ))}
          </code>
        </div>
      ))}
    </>
  )
})

function Piece({ piece: { text, part, mark } }: { piece: ExactPiece }) {
  const shown = mark === null || mark.isVisible ? text : ''
  return (
    <>
      {shown !== '' && (part === null ? shown : <span className={styles[part]}>{shown}</span>)}
      {mark !== null && (
        <span className={styles.mark} title={mark.name}>
          {mark.label}
        </span>
      )}
    </>
  )
}
