import type { ColumnType } from 'kysely'

type Fixed<T> = ColumnType<T, T, never>

export interface AuditLogTable {
  /** 1, 2, 3 … without a gap. */
  seq: Fixed<number>
  id: Fixed<string>
  at: Fixed<string>
  actor: Fixed<string>
  action: Fixed<string>
  subject: Fixed<string | null>
  address: Fixed<string | null>
  device: Fixed<string | null>
  /** Canonical JSON of an object. */
  details: Fixed<string>
  /** Hash of the entry before. */
  prev: Fixed<string>
  /** As `entryHash` in audit-chain.ts makes it. */
  hash: Fixed<string>
}

/** Signed statements that the chain ends with this entry; the file beside the database holds them too. */
export interface AuditCheckpointsTable {
  seq: Fixed<number>
  hash: Fixed<string>
  at: Fixed<string>
  key_id: Fixed<string>
  /** Ed25519, base64. */
  signature: Fixed<string>
}

/** Entries that were moved to a file in `DATA_DIR/audit`. */
export interface AuditSegmentsTable {
  /** Numbers of its first and last entry. */
  first: Fixed<number>
  last: Fixed<number>
  /** Hash of its last entry. */
  hash: Fixed<string>
  /** Name in `DATA_DIR/audit`. */
  file: Fixed<string>
  /** Of the file as it lies there, hex, and its size. */
  sha256: Fixed<string>
  bytes: Fixed<number>
  sealed_at: Fixed<string>
  /** JSON of the checkpoint that vouches for its last entry. */
  checkpoint: Fixed<string>
}

/** How far the log was handed to a target outside. */
export interface AuditForwardsTable {
  /** As `AUDIT_FORWARD` names it. */
  target: Fixed<string>
  /** The last entry, and the last checkpoint, that arrived there. */
  seq: number
  checkpoint_seq: number
  at: string
}
