import type { Kysely } from 'kysely'
import type { AuditAction } from '#protocol/audit-actions'
import type { LoginId, UserId } from '#protocol/ids'
import type { NoticeKind } from '#protocol/logins'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tables } from '../../platform/schema.ts'
import type { Client } from '../client.ts'
import type { Notices } from '../logins/notices.ts'

/** Whose factors, and from where they are touched. */
export interface FactorOwner extends Client {
  id: UserId
  username: string
  /** The login that touches them; its own device need not be told of it. */
  loginId?: LoginId
}

export interface FactorEvent {
  /** `auth.…` */
  action: AuditAction
  subject?: string
  /** Names and counts, never a secret. */
  details?: Record<string, string | number>
  /** Shown to the owner on every device. */
  notice?: { kind: NoticeKind; facts: Record<string, string | number> }
}

/** Tells the audit log, and the owner where it concerns them, what happened to factors. */
export class FactorLog {
  readonly #deps: { clock: Clock; notices: Notices }

  constructor(deps: { clock: Clock; notices: Notices }) {
    this.#deps = deps
  }

  /** Writes in the transaction of what it tells of. Call the answer once that is committed. */
  async write(transaction: Kysely<Tables>, owner: FactorOwner, { notice, ...event }: FactorEvent): Promise<() => void> {
    const { clock, notices } = this.#deps
    const { id: userId, username: actor, address, device, loginId } = owner
    await recordAudit(transaction, { at: clock.now(), actor, address, device, ...event })
    if (!notice) return () => {}
    const stored = await notices.add(transaction, { userId, address, device, ...(loginId === undefined ? {} : { loginId }), ...notice })
    return () => {
      notices.announce(userId, stored)
    }
  }
}
