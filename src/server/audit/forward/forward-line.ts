import type { AuditLogEntry } from '#protocol/audit'
import type { Checkpoint } from '../checkpoint.ts'

/** What is handed on: the same objects as the lines of an export. */
export type ForwardLine = ({ type: 'entry' } & AuditLogEntry) | ({ type: 'checkpoint' } & Checkpoint)

/** One kind of place to hand lines to. */
export interface ForwardSink {
  /** Resolves once they arrived, as far as the kind can tell. @throws Error */
  send(lines: readonly ForwardLine[]): Promise<void>
  close(): Promise<void>
}
