import ChevronRight from 'lucide-react/icons/chevron-right'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { classNames } from '../../ui/class-names.ts'
import styles from './fold-line.module.css'
import { useFold } from './use-fold.ts'

interface FoldLineProps {
  /** Unique in the page and stable: what the reader chose is remembered under it. */
  foldKey: string
  isOpenByDefault?: boolean
  /** The one line. */
  line: ReactNode
  /** What is seen when open; made only then. Null: there is nothing to open. */
  body: (() => ReactNode) | null
}

/** One line that opens into what is behind it. The line itself never changes its height. */
export function FoldLine({ foldKey, isOpenByDefault = false, line, body }: FoldLineProps) {
  const bodyId = useId()
  const [isOpen, toggle] = useFold(foldKey, isOpenByDefault)
  if (body === null) return <div className={styles.line}>{line}</div>
  return (
    <div>
      <button
        type="button"
        className={classNames(styles.line, styles.button)}
        aria-expanded={isOpen}
        aria-controls={isOpen ? bodyId : undefined}
        data-fold
        onClick={toggle}
      >
        <ChevronRight size={16} aria-hidden className={classNames(styles.chevron, isOpen && styles.open)} />
        {line}
      </button>
      {isOpen && (
        <div id={bodyId} className={styles.body}>
          {body()}
        </div>
      )}
    </div>
  )
}
