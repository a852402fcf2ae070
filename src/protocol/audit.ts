import * as z from 'zod/mini'
import { ProjectId, Sha256, Timestamp } from './ids.ts'

/** One line of the audit log. Entries are numbered without a gap and hold the hash of the one before. */
export const AuditLogEntry = z.object({
  seq: z.int(),
  id: z.string(),
  at: Timestamp,
  /** A user's name, a provider, `system`, or `rule: …`. */
  actor: z.string(),
  /** `area.what`, such as `approval.allowed`. */
  action: z.string(),
  /** The id of what it was done to. */
  subject: z.nullable(z.string()),
  address: z.nullable(z.string()),
  device: z.nullable(z.string()),
  details: z.record(z.string(), z.unknown()),
  prev: Sha256,
  hash: Sha256,
})
export type AuditLogEntry = z.infer<typeof AuditLogEntry>

const Text = z.optional(z.string().check(z.maxLength(200)))

/**
 * `GET /api/audit`. `action` may end in `.*` for a whole area. `about` is an id: of what something was done to, or of the
 * session in which; `project` also takes in what happened in its sessions. `to` is exclusive.
 */
export const AuditQuery = z.object({
  action: Text,
  actor: Text,
  subject: Text,
  about: Text,
  project: z.optional(ProjectId),
  from: z.optional(Timestamp),
  to: z.optional(Timestamp),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 100),
  cursor: z.optional(z.string().check(z.regex(/^\d{1,15}$/, 'must be a cursor of an earlier answer'))),
})
export type AuditQuery = z.infer<typeof AuditQuery>

/** What a check of the whole chain found. */
export const AuditVerdict = z.object({
  ok: z.boolean(),
  /** When it was checked. */
  at: Timestamp,
  /** How many entries were looked at. */
  entries: z.int(),
  /** How many signed checkpoints were looked at, and the number of the entry that the newest one vouches for. */
  checkpoints: z.int(),
  sealedTo: z.int(),
  /** How many sealed segments, whose files were read too, hold the older entries. */
  segments: z.int(),
  /** The first entry that is wrong, and how. */
  problem: z.nullable(z.object({ seq: z.int(), what: z.string() })),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>

/** How the audit log is kept: `GET /api/audit/verification`. */
export const AuditState = z.object({
  /** What the last check found; null before the first. */
  verdict: z.nullable(AuditVerdict),
  /** How many sealed segments there are, and the last entry that lies in one; the list and its filters begin after it. */
  segments: z.object({ count: z.int(), last: z.int() }),
  /** How far the log was handed on outside; null where that is not asked for. */
  forward: z.nullable(
    z.object({
      target: z.string(),
      /** The last entry that arrived, and how many wait. */
      seq: z.int(),
      behind: z.int(),
      failing: z.nullable(z.object({ since: Timestamp, problem: z.string() })),
    }),
  ),
})
export type AuditState = z.infer<typeof AuditState>
