import * as z from 'zod/mini'
import { Timestamp } from './ids.ts'

/** `not-applicable`: the risk does not exist here. What could not be looked at is a warning or a failure, never that. */
export const CheckStatus = z.enum(['pass', 'warn', 'fail', 'not-applicable'])
export type CheckStatus = z.infer<typeof CheckStatus>

/** How much is at stake. One critical check that fails caps the whole score. */
export const CheckSeverity = z.enum(['critical', 'high', 'medium', 'low'])
export type CheckSeverity = z.infer<typeof CheckSeverity>

export const CheckArea = z.enum([
  'network',
  'http',
  'websocket',
  'secrets',
  'files',
  'storage',
  'accounts',
  'approvals',
  'agents',
  'audit',
  'host',
])
export type CheckArea = z.infer<typeof CheckArea>

/** What would put a finding right. */
export const CheckFix = z.object({
  text: z.string(),
  /** To be run on the host as it stands there; null where no command does it. */
  command: z.nullable(z.string()),
})
export type CheckFix = z.infer<typeof CheckFix>

/** One check of the installation and what it found. */
export const PostureItem = z.object({
  /** Stays the same over versions: `area-what`. */
  id: z.string(),
  area: CheckArea,
  /** What holds where it passes. */
  title: z.string(),
  severity: CheckSeverity,
  status: CheckStatus,
  /** What was seen, without any secret. */
  evidence: z.string(),
  why: z.string(),
  /** Null where there is nothing to put right. */
  fix: z.nullable(CheckFix),
  /** Where it is asked for. */
  references: z.object({ guide: z.array(z.string()), issue: z.array(z.string()), asvs: z.array(z.string()) }),
  /** False where it could not be found out; the evidence says why. */
  isLookedAt: z.boolean(),
})
export type PostureItem = z.infer<typeof PostureItem>

/** What doctor found: `GET /api/security/posture` and `ai-code-ui doctor --json`. */
export const Posture = z.object({
  at: Timestamp,
  version: z.string(),
  /** Does the same on the host, for this installation. */
  command: z.string(),
  /** 0 to 100, see the decision on the score. */
  score: z.int().check(z.minimum(0), z.maximum(100)),
  /** What keeps the score from being higher whatever else passes; null for nothing. */
  cap: z.nullable(z.object({ score: z.int(), because: z.string() })),
  counts: z.object({ pass: z.int(), warn: z.int(), fail: z.int(), notApplicable: z.int() }),
  items: z.array(PostureItem),
})
export type Posture = z.infer<typeof Posture>
