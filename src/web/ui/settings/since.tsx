import { useId } from 'react'
import { formatExactTime } from '../../lib/format.ts'
import { formatSince } from './format-since.ts'
import styles from './since.module.css'

/** How long ago something was; exact while it is hovered, focused or pressed. */
export function Since({ at, now }: { at: string; now: Date }) {
  const id = useId()
  return (
    <span className={styles.since}>
      <button type="button" className={styles.time} aria-describedby={id}>
        <time dateTime={at}>{formatSince(at, now)}</time>
      </button>
      <span id={id} role="tooltip" className={styles.exact}>
        {formatExactTime(at)}
      </span>
    </span>
  )
}
