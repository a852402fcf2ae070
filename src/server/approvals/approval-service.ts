import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { type ApprovalDecision, type ApprovalRequest, type ApprovalResolution, permissionRequestType } from '#protocol/approvals'
import { type ProjectId, type ProviderId, RequestId, type SessionId, type UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import type { DecidedBy, SessionEvent } from '#protocol/session-events'
import type { Principal } from '../http/principal.ts'
import { refusalOfAnothers } from '../http/reach.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { canonicalHash } from '../platform/canonical-json.ts'
import type { Clock } from '../platform/clock.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import type { Tables } from '../platform/schema.ts'
import { APPROVAL_RESOLVED, userTopic } from '../platform/topics.ts'
import type { OfferedGrant } from '../policy/session-grant.ts'
import type { ApprovalAsk, ApprovalVerdict } from '../providers/provider.ts'
import { AlreadyResolvedError, ApprovalNotFoundError, InputChangedError } from './approval-errors.ts'
import { auditDetails, endOf, outcomeOf, requestedEvent, resolvedEvent, verdictOf } from './approval-facts.ts'
import type { ApprovalPolicy } from './approval-policy.ts'
import { previewOf } from './approval-preview.ts'
import { ApprovalRepository, type Resolution, type StoredApproval } from './approval-repository.ts'

/** The session on whose behalf a call is asked. */
export interface ApprovalSubject {
  sessionId: SessionId
  userId: UserId
  projectId: ProjectId
  provider: ProviderId
  cwd: string
  mode: PermissionMode
  canEditInput: boolean
}

export interface ApprovalServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  logger: Logger
  policy: ApprovalPolicy
  /** 0: no limit. */
  timeoutMs: number
  /** Appends to a session's log; the event is durable before it is sent. */
  appendEvent: (sessionId: SessionId, event: SessionEvent) => Promise<void>
  /** Throws ForbiddenError where the principal may not put a session into the mode. */
  checkMode: (principal: Principal, mode: PermissionMode) => void
  /** Called when a decision changes the session's mode. */
  changeMode: (sessionId: SessionId, mode: PermissionMode) => Promise<void>
}

interface Waiting {
  settle: (verdict: ApprovalVerdict) => void
  timer: NodeJS.Timeout | null
}

const RECORD_AGAIN_MS = 1000
const BY_FAILURE: DecidedBy = { kind: 'system', name: 'storage failure' }
const BY_TIMEOUT: DecidedBy = { kind: 'system', name: 'time-out' }
const UNRECORDED: ApprovalVerdict = { outcome: 'denied', message: 'The decision could not be recorded, so it was denied. Try again later.' }

/**
 * The gate. Every request is a row that goes once from pending to its end by a compare-and-set, in one transaction with
 * its audit entry; only then is anybody told, the agent last.
 */
export class ApprovalService {
  readonly #deps: ApprovalServiceDeps
  readonly #approvals: ApprovalRepository
  /** Requests whose agent waits in this process. */
  readonly #waiting = new Map<RequestId, Waiting>()
  /** Denied to the agent because the storage failed, and not yet written down. */
  readonly #unrecorded = new Set<RequestId>()

  constructor(deps: ApprovalServiceDeps) {
    this.#deps = deps
    this.#approvals = new ApprovalRepository(deps.database, deps.policy)
    // Decisions arrive by the bus alone, so that it makes no difference which server took the answer.
    deps.bus.subscribe(APPROVAL_RESOLVED, (id) => {
      const requestId = RequestId.parse(id)
      if (this.#waiting.has(requestId)) void this.#release(requestId)
    })
  }

  /** Asks about a call and waits for the decision. Never rejects: what cannot be stored or asked is denied. */
  async request(subject: ApprovalSubject, ask: ApprovalAsk, signal: AbortSignal): Promise<ApprovalVerdict> {
    try {
      return await this.#ask(subject, ask, signal)
    } catch (error) {
      this.#deps.logger.error({ err: error, sessionId: subject.sessionId, toolName: ask.toolName }, 'approval could not be asked; denied')
      return { outcome: 'denied', message: 'The approval could not be recorded, so it was denied. Try again later.' }
    }
  }

  /**
   * A person's answer.
   * @throws ApprovalNotFoundError | ForbiddenError | AlreadyResolvedError | InputChangedError | EditRefusedError | GrantUnknownError
   */
  async decide(requestId: RequestId, decision: ApprovalDecision, principal: Principal): Promise<ApprovalResolution> {
    const stored = await this.#approvals.find(requestId)
    if (!stored) throw new ApprovalNotFoundError()
    if (stored.userId !== principal.user.id) throw refusalOfAnothers(principal, 'This request', new ApprovalNotFoundError())
    if (stored.resolution) throw new AlreadyResolvedError(stored.status, stored.resolution.by, stored.resolution.at)
    if (this.#unrecorded.has(requestId)) throw new AlreadyResolvedError('denied', BY_FAILURE, this.#deps.clock.now().toISOString())
    if (decision.inputHash !== undefined && decision.inputHash !== stored.request.inputHash) throw new InputChangedError()
    const by: DecidedBy = { kind: 'user', name: principal.user.username, userId: principal.user.id, device: principal.device }
    const outcome = outcomeOf(stored, decision)
    if (outcome.nextMode) this.#deps.checkMode(principal, outcome.nextMode)
    return this.#resolve(stored, { by, at: this.#deps.clock.now().toISOString(), ...outcome })
  }

  /** What waits for this user, oldest first. */
  async pending(userId: UserId): Promise<ApprovalRequest[]> {
    return (await this.#approvals.pendingOfUser(userId)).map(({ request }) => request)
  }

  /** Ends the requests of a session whose agent is gone, or of all sessions (at boot). */
  async cancelPending(sessionId: SessionId | undefined, why: string): Promise<void> {
    for (const id of await this.#approvals.pendingIds(sessionId)) await this.#end(id, 'cancelled', { kind: 'system', name: why })
  }

  /** Appends the end of a request to its session's log, for a server that died between the decision and the log. */
  async tellAgain(requestId: RequestId): Promise<void> {
    const stored = await this.#approvals.find(requestId)
    const end = stored && endOf(stored)
    if (end) await this.#deps.appendEvent(stored.request.sessionId, resolvedEvent(stored.request, end))
  }

  async #ask(subject: ApprovalSubject, ask: ApprovalAsk, signal: AbortSignal): Promise<ApprovalVerdict> {
    const { request, offered } = await this.#describe(subject, ask)
    const rule = await this.#deps.policy.decide({
      ask,
      cwd: subject.cwd,
      mode: subject.mode,
      grants: await this.#approvals.grantsOf(subject.sessionId),
      riskLevel: request.risk.level,
    })
    await this.#store(subject, request, offered)
    await this.#deps.appendEvent(subject.sessionId, requestedEvent(request, ask))
    const verdict = this.#wait(request, signal)
    if (rule !== null) {
      await this.#end(request.requestId, 'allowed', { kind: 'rule', name: rule })
    } else if (!(await this.#release(request.requestId)) && !signal.aborted) {
      this.#deps.bus.publish(userTopic(subject.userId), JSON.stringify({ type: permissionRequestType(subject.provider), ...request }))
    }
    return verdict
  }

  async #describe(subject: ApprovalSubject, ask: ApprovalAsk): Promise<{ request: ApprovalRequest; offered: OfferedGrant[] }> {
    const { sessionId, projectId, provider, cwd } = subject
    const now = this.#deps.clock.now()
    const { timeoutMs } = this.#deps
    const { risk, offered } = this.#deps.policy.assess(ask, cwd)
    const preview = await previewOf(ask)
    const request: ApprovalRequest = {
      requestId: RequestId.parse(randomUUID()),
      sessionId,
      provider,
      projectId,
      approvalKind: ask.approvalKind,
      toolName: ask.toolName,
      toolInput: ask.toolInput,
      inputHash: canonicalHash({ tool: ask.toolName, input: ask.toolInput, session: sessionId, cwd }),
      ...(ask.toolCallId ? { toolCallId: ask.toolCallId } : {}),
      ...(ask.agentId ? { agentId: ask.agentId } : {}),
      cwd,
      ...(ask.description ? { description: ask.description } : {}),
      createdAt: now.toISOString(),
      expiresAt: timeoutMs === 0 ? null : new Date(now.getTime() + timeoutMs).toISOString(),
      risk,
      ...(preview ? { preview } : {}),
      suggestions: offered.map(({ suggestion }) => suggestion),
      canEditInput: subject.canEditInput,
    }
    return { request, offered }
  }

  async #store(subject: ApprovalSubject, request: ApprovalRequest, offered: OfferedGrant[]): Promise<void> {
    await this.#deps.database.transaction().execute(async (transaction) => {
      await new ApprovalRepository(transaction, this.#deps.policy).insertPending(subject.userId, request, offered)
      await recordAudit(transaction, {
        at: this.#deps.clock.now(),
        actor: subject.provider,
        action: 'approval.requested',
        subject: request.requestId,
        details: { sessionId: subject.sessionId, toolName: request.toolName, inputHash: request.inputHash, risk: request.risk.level },
      })
    })
  }

  #wait(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalVerdict> {
    const { requestId } = request
    const { promise, resolve } = Promise.withResolvers<ApprovalVerdict>()
    const { timeoutMs } = this.#deps
    const timer = timeoutMs === 0 ? null : setTimeout(() => void this.#end(requestId, 'timed-out', BY_TIMEOUT), timeoutMs)
    this.#waiting.set(requestId, { settle: resolve, timer })
    const cancel = () => void this.#end(requestId, 'cancelled', { kind: 'system', name: 'interrupt' })
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { once: true })
    return promise.finally(() => {
      signal.removeEventListener('abort', cancel)
      if (timer) clearTimeout(timer)
    })
  }

  /** A rule, the clock or an interrupt ends a request; losing to somebody else is no failure here. False when it could not be written down. */
  async #end(requestId: RequestId, outcome: Resolution['outcome'], by: DecidedBy): Promise<boolean> {
    try {
      const stored = await this.#approvals.find(requestId)
      if (stored?.status === 'pending') await this.#resolve(stored, { outcome, by, at: this.#deps.clock.now().toISOString() })
      else await this.#release(requestId)
      return true
    } catch (error) {
      if (error instanceof AlreadyResolvedError) return true
      this.#deps.logger.error({ err: error, requestId }, 'approval could not be ended; denied')
      this.#settle(requestId, UNRECORDED)
      this.#recordLater(requestId)
      return false
    }
  }

  /** The agent was told no, so nobody may say yes any more; the row says so as soon as the storage takes it. */
  #recordLater(requestId: RequestId): void {
    this.#unrecorded.add(requestId)
    setTimeout(() => {
      void this.#end(requestId, 'denied', BY_FAILURE).then((isEnded) => {
        if (isEnded) this.#unrecorded.delete(requestId)
      })
    }, RECORD_AGAIN_MS).unref()
  }

  async #resolve(stored: StoredApproval, resolution: Resolution): Promise<ApprovalResolution> {
    const { request } = stored
    const { database, bus, clock } = this.#deps
    const isFirst = await database.transaction().execute(async (transaction) => {
      const approvals = new ApprovalRepository(transaction, this.#deps.policy)
      if (!(await approvals.resolveIfPending(request.requestId, resolution))) return false
      await recordAudit(transaction, {
        at: clock.now(),
        actor: resolution.by.kind === 'user' ? resolution.by.name : `${resolution.by.kind}: ${resolution.by.name}`,
        action: `approval.${resolution.outcome}`,
        subject: request.requestId,
        ...(resolution.by.device ? { device: resolution.by.device } : {}),
        details: auditDetails(request, resolution),
      })
      return true
    })
    // Only here: whoever looks for the winner inside the transaction would wait for the transaction itself.
    if (!isFirst) throw await this.#lost(request.requestId)
    const answer: ApprovalResolution = {
      requestId: request.requestId,
      sessionId: request.sessionId,
      outcome: resolution.outcome,
      by: resolution.by,
      at: resolution.at,
    }
    try {
      await this.#deps.appendEvent(request.sessionId, resolvedEvent(request, resolution))
      // An agent that is about to end may not take it; the log tells of the decision all the same.
      if (resolution.nextMode) await this.#deps.changeMode(request.sessionId, resolution.nextMode)
    } finally {
      // It is decided, whatever went wrong since: nobody is left waiting.
      bus.publish(userTopic(stored.userId), JSON.stringify({ type: 'permission-resolved', ...answer }))
      bus.publish(APPROVAL_RESOLVED, request.requestId)
    }
    return answer
  }

  async #lost(requestId: RequestId): Promise<Error> {
    const winner = await this.#approvals.find(requestId)
    return winner?.resolution
      ? new AlreadyResolvedError(winner.status, winner.resolution.by, winner.resolution.at)
      : new ApprovalNotFoundError()
  }

  /** Hands the agent what was stored, and nothing that came over the wire. False while nothing is decided. */
  async #release(requestId: RequestId): Promise<boolean> {
    try {
      const stored = await this.#approvals.find(requestId)
      if (!stored || stored.status === 'pending') return false
      this.#settle(requestId, verdictOf(stored))
    } catch (error) {
      this.#deps.logger.error({ err: error, requestId }, 'decision could not be read; denied')
      this.#settle(requestId, UNRECORDED)
    }
    return true
  }

  #settle(requestId: RequestId, verdict: ApprovalVerdict): void {
    this.#waiting.get(requestId)?.settle(verdict)
    this.#waiting.delete(requestId)
  }
}
