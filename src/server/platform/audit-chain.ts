import { createHash } from 'node:crypto'

/** What the hash of an entry covers. `details` is the canonical JSON text (RFC 8785) of an object. */
export interface ChainedEntry {
  /** 1, 2, 3 … without a gap. */
  seq: number
  id: string
  /** ISO 8601, UTC, milliseconds. */
  at: string
  actor: string
  action: string
  subject: string | null
  address: string | null
  device: string | null
  details: string
  /** Hash of the entry before; {@link CHAIN_START} for the first. */
  prev: string
}

/** What the first entry names as the one before it. */
export const CHAIN_START = '0'.repeat(64)

/**
 * Lower-case hex SHA-256 of the entry's canonical JSON (RFC 8785), `details` being the object that its text stands for
 * and `v` 1. The members are written in their sorted order here, so that a million entries are verified in seconds.
 */
export function entryHash({ action, actor, address, at, details, device, id, prev, seq, subject }: ChainedEntry): string {
  const text = `{"action":${json(action)},"actor":${json(actor)},"address":${json(address)},"at":${json(at)},"details":${details},"device":${json(device)},"id":${json(id)},"prev":${json(prev)},"seq":${String(seq)},"subject":${json(subject)},"v":1}`
  return createHash('sha256').update(text).digest('hex')
}

function json(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value)
}
