import type { Posture } from '#protocol/posture'
import type { Clock } from '../platform/clock.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Database } from '../platform/database.ts'

interface Examiner {
  /** A user's name, or who works on the host. */
  actor: string
  device?: string
}

/** Records who had the checklist answered. What doctor was refused by the server it asked is told from an attack by this. */
export async function recordExamination(database: Database, clock: Clock, { items, score }: Posture, examiner: Examiner): Promise<void> {
  const failed = items.filter(({ status }) => status === 'fail').map(({ id }) => id)
  await recordAudit(database, { at: clock.now(), ...examiner, action: 'security.examined', details: { score, failed } })
}
