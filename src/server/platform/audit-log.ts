import type { Kysely, Transaction } from 'kysely'
import { newId } from './new-id.ts'
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
  /** `area.what`, such as `approval.allowed`. */
  action: string
  /** The id of what it was done to. */
  subject?: string
  /** Facts without secrets. */
  details?: Record<string, unknown>
}

/** The append-only record of who did what. The one way to write it; give it the transaction of what it describes. */
export async function recordAudit(db: Kysely<Tables> | Transaction<Tables>, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      id: newId('aud'),
      at: entry.at.toISOString(),
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject ?? null,
      address: entry.address ?? null,
      device: entry.device ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute()
}
