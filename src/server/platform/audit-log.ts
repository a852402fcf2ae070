import type { Kysely, Transaction } from 'kysely'
import type { AuditAction } from '#protocol/audit-actions'
import { CHAIN_START, entryHash } from './audit-chain.ts'
import { canonicalJson } from './canonical-json.ts'
import { newId } from './new-id.ts'
import { redactText, redactValue } from './redact.ts'
import type { Tables } from './schema.ts'

/** Where an action came from, as far as it is known. */
export interface Origin {
  address?: string
  device?: string
}

export interface AuditEntry extends Origin {
  at: Date
  /** A user's name, or `system`, or `rule: …`. */
  actor: string
  action: AuditAction
  /** The id of what it was done to. */
  subject?: string
  /** Facts. What looks like a secret is taken out before the entry is hashed. */
  details?: Record<string, unknown>
}

/**
 * The append-only record of who did what, each entry holding the hash of the one before. The one way to write it; give
 * it the transaction of what it describes.
 */
export async function recordAudit(db: Kysely<Tables> | Transaction<Tables>, entry: AuditEntry): Promise<void> {
  if (db.isTransaction) await append(db, entry)
  else await db.transaction().execute((transaction) => append(transaction, entry))
}

/** Transactions begin with the write lock, so nobody, not even another process, comes between the look and the insert. */
async function append(db: Kysely<Tables>, entry: AuditEntry): Promise<void> {
  const last = await db.selectFrom('audit_log').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const chained = {
    seq: (last?.seq ?? 0) + 1,
    id: newId('aud'),
    at: entry.at.toISOString(),
    actor: redactText(entry.actor),
    action: entry.action,
    subject: textOrNull(entry.subject),
    address: textOrNull(entry.address),
    device: textOrNull(entry.device),
    // JSON first: what it cannot express, such as a Date, is to be hashed as what is stored.
    details: canonicalJson(redactValue(JSON.parse(JSON.stringify(entry.details ?? {})))),
    prev: last?.hash ?? CHAIN_START,
  }
  await db
    .insertInto('audit_log')
    .values({ ...chained, hash: entryHash(chained) })
    .execute()
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : redactText(text)
}
