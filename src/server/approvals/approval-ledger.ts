import type { Kysely } from 'kysely'
import type { ApprovalRequest } from '#protocol/approvals'
import { type SessionId, UserId } from '#protocol/ids'
import type { Principal } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tables } from '../platform/schema.ts'
import { ExtensionRefusedError } from './approval-errors.ts'
import { auditDetails, auditSubject } from './approval-facts.ts'
import type { ApprovalPolicy } from './approval-policy.ts'
import { ApprovalRepository, type Resolution } from './approval-repository.ts'
import type { ApprovalSubject } from './approval-subject.ts'
import { refuseFrozen } from './freeze-state.ts'

const MAX_WAIT_MS = 24 * 60 * 60_000

export interface ApprovalLedgerDeps {
  database: Kysely<Tables>
  clock: Clock
  policy: ApprovalPolicy
  stillSkips: (transaction: Kysely<Tables>, sessionId: SessionId) => Promise<boolean>
}

/** Writes requests and their ends, each in one transaction with its audit entry: where one fails, neither is there. */
export class ApprovalLedger {
  readonly #deps: ApprovalLedgerDeps

  constructor(deps: ApprovalLedgerDeps) {
    this.#deps = deps
  }

  /** A request that waits for a person. @throws FrozenError */
  async open(subject: ApprovalSubject, request: ApprovalRequest): Promise<void> {
    await this.#write(async (approvals, transaction) => {
      await refuseFrozen(transaction)
      await approvals.insert(subject.userId, request, null)
      await recordAudit(transaction, {
        at: this.#deps.clock.now(),
        actor: subject.provider,
        action: 'approval.requested',
        subject: request.requestId,
        details: { ...auditSubject(request), risk: request.risk.level },
      })
    })
  }

  /**
   * A request that a rule decides at once; false, and nothing is written, where the session was to skip approvals and
   * does not any more.
   * @throws FrozenError for one that is to run
   */
  async openResolved(
    { userId, sessionId }: ApprovalSubject,
    request: ApprovalRequest,
    { isSkipped, ...resolution }: Resolution & { isSkipped: boolean },
  ): Promise<boolean> {
    return this.#write(async (approvals, transaction) => {
      if (resolution.outcome === 'allowed') await refuseFrozen(transaction)
      if (isSkipped && !(await this.#deps.stillSkips(transaction, sessionId))) return false
      await approvals.insert(userId, request, resolution)
      await this.#recordEnd(transaction, request, resolution)
      return true
    })
  }

  /** Ends a request that waits; false when it waits no more. @throws FrozenError for one that is to run */
  async resolve(request: ApprovalRequest, resolution: Resolution): Promise<boolean> {
    const isFirst = await this.#write(async (approvals, transaction) => {
      if (resolution.outcome === 'allowed') await refuseFrozen(transaction)
      if (!(await approvals.resolveIfPending(request.requestId, resolution))) return false
      await this.#recordEnd(transaction, request, resolution)
      await this.#remember(transaction, request, resolution)
      return true
    })
    if (isFirst && resolution.remembered) this.#deps.policy.changed()
    return isFirst
  }

  /**
   * Lets a request wait longer; null when it waits no more or was extended by somebody else at the same time.
   * @throws ExtensionRefusedError for one that waits without an end, or beyond a day in all
   */
  async extend(request: ApprovalRequest, seconds: number, { user, device }: Principal): Promise<ApprovalRequest | null> {
    if (request.expiresAt === null) throw new ExtensionRefusedError('This request waits as long as its session lives.')
    const end = Date.parse(request.expiresAt) + seconds * 1000
    if (end - Date.parse(request.createdAt) > MAX_WAIT_MS) throw new ExtensionRefusedError('A request waits for a day at most.')
    const expiresAt = new Date(end).toISOString()
    return this.#write(async (approvals, transaction) => {
      if (!(await approvals.extendIfPending(request, expiresAt))) return null
      await recordAudit(transaction, {
        at: this.#deps.clock.now(),
        actor: user.username,
        action: 'approval.extended',
        subject: request.requestId,
        device,
        details: { sessionId: request.sessionId, seconds, expiresAt },
      })
      return { ...request, expiresAt }
    })
  }

  #write<T>(work: (approvals: ApprovalRepository, transaction: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#deps.database.transaction().execute((transaction) => work(new ApprovalRepository(transaction), transaction))
  }

  /** What is allowed from now on is saved with the decision, or neither is. */
  async #remember(transaction: Kysely<Tables>, { requestId, sessionId }: ApprovalRequest, { by, remembered }: Resolution): Promise<void> {
    if (remembered === undefined || by.userId === undefined) return
    const { name, device } = by
    const userId = UserId.parse(by.userId)
    await this.#deps.policy.remember(transaction, { requestId, sessionId, ...remembered, by: { userId, name, device } })
  }

  async #recordEnd(transaction: Kysely<Tables>, request: ApprovalRequest, resolution: Resolution): Promise<void> {
    const { by } = resolution
    await recordAudit(transaction, {
      at: this.#deps.clock.now(),
      actor: by.kind === 'user' ? by.name : `${by.kind}: ${by.name}`,
      action: `approval.${resolution.outcome}`,
      subject: request.requestId,
      ...(by.device ? { device: by.device } : {}),
      details: auditDetails(request, resolution),
    })
  }
}
