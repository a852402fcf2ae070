import type { AuditLogEntry } from '#protocol/audit'
import styles from './audit.module.css'
import { factsOf } from './entry-story.ts'
import { formatStamp } from './format-stamp.ts'
import { auditText } from './text-audit.ts'

interface AuditTableProps {
  entries: readonly AuditLogEntry[]
  onOpen: (entry: AuditLogEntry) => void
}

/** Entries as a table; on a phone as cards. Only what is in sight is laid out. */
export function AuditTable({ entries, onOpen }: AuditTableProps) {
  const { columns } = auditText
  return (
    <table className={styles.table} aria-label={auditText.table}>
      <thead>
        <tr>
          <th scope="col">{columns.time}</th>
          <th scope="col">{columns.who}</th>
          <th scope="col">{columns.action}</th>
          <th scope="col">{columns.facts}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.seq} entry={entry} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ entry, onOpen }: { entry: AuditLogEntry; onOpen: (entry: AuditLogEntry) => void }) {
  const { at, actor, device, action, seq } = entry
  return (
    <tr>
      <td className={styles.time}>
        <time dateTime={at}>{formatStamp(at)}</time>
      </td>
      <td className={styles.who}>
        <span className={styles.actor}>{actor}</span>
        {device !== null && <span className={styles.quiet}>{device}</span>}
      </td>
      <td className={styles.action}>
        <button type="button" className={styles.open} aria-label={auditText.open(seq, action)} onClick={() => onOpen(entry)}>
          {action}
        </button>
      </td>
      <td className={styles.facts}>
        {factsOf(entry).map((fact, index) => (
          <span key={index}>{fact}</span>
        ))}
      </td>
    </tr>
  )
}
