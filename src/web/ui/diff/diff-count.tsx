import styles from './diff-view.module.css'
import { diffText } from './text-diff.ts'

/** `+12 −4`. */
export function DiffCount({ added, removed }: { added: number; removed: number }) {
  return (
    <span className={styles.count} role="img" aria-label={`${diffText.added(added)}, ${diffText.removed(removed)}`}>
      <span className={styles.plus}>+{added.toLocaleString()}</span> <span className={styles.minus}>−{removed.toLocaleString()}</span>
    </span>
  )
}
