import { type ApprovalDecision, type ApprovalRequest, type ApprovalResolution, permissionRequestType } from '#protocol/approvals'
import { RequestId, type SessionId, type UserId } from '#protocol/ids'
import type { DecidedBy } from '#protocol/session-events'
import type { Principal } from '../http/principal.ts'
import { refusalOfAnothers } from '../http/reach.ts'
import { APPROVAL_RESOLVED, userTopic } from '../platform/topics.ts'
import type { ApprovalAsk, ApprovalVerdict } from '../providers/provider.ts'
import {
  AlreadyResolvedError,
  ApprovalNotFoundError,
  ExtendedMeanwhileError,
  FrozenError,
  InputChangedError,
  StaleRequestError,
} from './approval-errors.ts'
import { endOf, outcomeOf, requestedEvent, resolvedEvent, verdictOf, withoutRemembering } from './approval-facts.ts'
import { ApprovalLedger } from './approval-ledger.ts'
import type { PolicyAnswer } from './approval-policy.ts'
import { ApprovalRepository, type Resolution, type StoredApproval } from './approval-repository.ts'
import type { ApprovalServiceDeps } from './approval-service-deps.ts'
import type { ApprovalSubject, Asked, Caller } from './approval-subject.ts'
import { changeSince } from './bound-facts.ts'
import { describeCall } from './describe-request.ts'
import { evaluateCall } from './evaluate-call.ts'
import { refuseFrozen } from './freeze-state.ts'
import { refuseDenied } from './refuse-denied.ts'
import { BY_CHANGE, BY_FAILURE, BY_INTERRUPT, BY_TIMEOUT, refusalFor, UNRECORDED } from './system-endings.ts'
import { WaitingRequests } from './waiting-requests.ts'

const RECORD_AGAIN_MS = 1000

/**
 * The gate. Every request is a row that goes once from pending to its end by a compare-and-set, in one transaction with
 * its audit entry; only then is anybody told, the agent last.
 */
export class ApprovalService {
  readonly #deps: ApprovalServiceDeps
  readonly #approvals: ApprovalRepository
  readonly #ledger: ApprovalLedger
  /** Requests whose agent waits in this process. */
  readonly #waiting = new WaitingRequests()
  readonly #asked = new Map<RequestId, Asked>()
  /** Denied to the agent because the storage failed, and not yet written down. */
  readonly #unrecorded = new Set<RequestId>()

  constructor(deps: ApprovalServiceDeps) {
    this.#deps = deps
    this.#approvals = new ApprovalRepository(deps.database)
    this.#ledger = new ApprovalLedger(deps)
    // Decisions arrive by the bus alone, so that it makes no difference which server took the answer.
    deps.bus.subscribe(APPROVAL_RESOLVED, (id) => {
      const requestId = RequestId.parse(id)
      if (this.#waiting.has(requestId)) void this.#release(requestId)
    })
  }

  /** Asks about a call and waits for the decision. Never rejects: what cannot be stored or asked is denied. */
  async request(subject: ApprovalSubject, ask: ApprovalAsk, signal: AbortSignal, onWaiting?: () => void): Promise<ApprovalVerdict> {
    try {
      return await this.#ask(subject, ask, { signal, ...(onWaiting ? { onWaiting } : {}) })
    } catch (error) {
      const about = { err: error, sessionId: subject.sessionId, toolName: ask.toolName }
      if (!(error instanceof FrozenError)) this.#deps.logger.error(about, 'approval could not be asked; denied')
      return refusalFor(error)
    }
  }

  /**
   * A person's answer.
   * @throws ApprovalNotFoundError | ForbiddenError | AlreadyResolvedError | InputChangedError | EditRefusedError | GrantUnknownError | StaleRequestError
   */
  async decide(requestId: RequestId, decision: ApprovalDecision, principal: Principal): Promise<ApprovalResolution> {
    const stored = await this.#ownPending(requestId, principal)
    if (decision.inputHash !== undefined && decision.inputHash !== stored.request.inputHash) throw new InputChangedError()
    const by: DecidedBy = { kind: 'user', name: principal.user.username, userId: principal.user.id, device: principal.device }
    const outcome = outcomeOf(stored, decision, principal)
    if (decision.allow) {
      await refuseDenied(this.#deps.policy, this.#asked.get(requestId), outcome.updatedInput)
      await this.#refuseStale(stored)
    }
    if (outcome.nextMode) this.#deps.checkMode(principal, outcome.nextMode)
    return this.#resolve(stored, { by, at: this.#deps.clock.now().toISOString(), ...outcome })
  }

  /**
   * Lets a request of one's own wait longer, and shows every device until when.
   * @throws ApprovalNotFoundError | ForbiddenError | AlreadyResolvedError | ExtensionRefusedError
   */
  async extend(requestId: RequestId, seconds: number, principal: Principal): Promise<ApprovalRequest> {
    const stored = await this.#ownPending(requestId, principal)
    const request = await this.#ledger.extend(stored.request, seconds, principal)
    if (!request) throw (await this.#approvals.find(requestId))?.resolution ? await this.#lost(requestId) : new ExtendedMeanwhileError()
    this.#startTimer(request)
    this.#show(request, stored.userId)
    return request
  }

  async #ownPending(requestId: RequestId, principal: Principal): Promise<StoredApproval> {
    const stored = await this.#approvals.find(requestId)
    if (!stored) throw new ApprovalNotFoundError()
    if (stored.userId !== principal.user.id) throw refusalOfAnothers(principal, 'This request', new ApprovalNotFoundError())
    if (stored.resolution) throw new AlreadyResolvedError(stored.status, stored.resolution.by, stored.resolution.at)
    if (this.#unrecorded.has(requestId)) throw new AlreadyResolvedError('denied', BY_FAILURE, this.#deps.clock.now().toISOString())
    return stored
  }

  /** What waits for this user, oldest first. */
  async pending({ user, scopes }: Principal): Promise<ApprovalRequest[]> {
    const stored = await this.#approvals.pendingOfUser(user.id)
    return stored.map(({ request }) => (scopes.has('approve') ? request : withoutRemembering(request)))
  }

  /** Ends the requests of a session whose agent is gone, or of all sessions (at boot). */
  async cancelPending(sessionId: SessionId | undefined, why: string): Promise<void> {
    for (const id of await this.#approvals.pendingIds(sessionId)) await this.#end(id, 'cancelled', { kind: 'system', name: why })
  }

  /** Denies whatever waits, of every session. */
  async denyPending(why: string): Promise<void> {
    for (const id of await this.#approvals.pendingIds()) await this.#end(id, 'denied', { kind: 'system', name: why })
  }

  /** Appends the end of a request to its session's log, for a server that died between the decision and the log. */
  async tellAgain(requestId: RequestId): Promise<void> {
    const stored = await this.#approvals.find(requestId)
    const end = stored && endOf(stored)
    if (end) await this.#deps.appendEvent(stored.request.sessionId, resolvedEvent(stored.request, end))
  }

  async #ask(subject: ApprovalSubject, ask: ApprovalAsk, { signal, onWaiting }: Caller): Promise<ApprovalVerdict> {
    const call = await evaluateCall(this.#deps, { subject, ask })
    const request = await describeCall(this.#deps, { subject, ask, call })
    const asked = { subject, request, ask }
    const decided = call.answer.decision === 'ask' ? null : await this.#decideBy(call.answer, asked)
    if (decided) return decided
    await this.#ledger.open(subject, request)
    await this.#deps.appendEvent(subject.sessionId, requestedEvent(request, ask))
    const verdict = this.#wait(asked, signal)
    if (!(await this.#release(request.requestId)) && !signal.aborted) {
      onWaiting?.()
      this.#show(request, subject.userId)
    }
    return verdict
  }

  #show(request: ApprovalRequest, userId: UserId): void {
    this.#deps.onWaiting(request)
    this.#deps.bus.publish(userTopic(userId), JSON.stringify({ type: permissionRequestType(request.provider), ...request }))
  }

  /**
   * Refuses a yes to what is not any more as it was shown: the request ends, and the call is asked anew as it is now.
   * @throws StaleRequestError when something changed
   */
  async #refuseStale({ request }: StoredApproval): Promise<void> {
    const change = request.bound ? await changeSince(request.bound) : null
    if (change === null) return
    const asked = this.#asked.get(request.requestId)
    if (!asked) {
      await this.#end(request.requestId, 'cancelled', BY_CHANGE)
      throw new StaleRequestError(change, null)
    }
    const { subject, ask } = asked
    const call = await evaluateCall(this.#deps, { subject, ask })
    const next = await describeCall(this.#deps, { subject, ask, call })
    await this.#ledger.open(subject, next)
    await this.#deps.appendEvent(subject.sessionId, requestedEvent(next, ask))
    // From here on the agent waits for the new request; whoever decided the old one meanwhile has released it.
    if (this.#waiting.replace(request.requestId, next.requestId)) {
      asked.request = next
      this.#asked.delete(request.requestId)
      this.#asked.set(next.requestId, asked)
      this.#startTimer(next)
      this.#show(next, subject.userId)
    } else {
      await this.#end(next.requestId, 'cancelled', BY_CHANGE)
    }
    await this.#end(request.requestId, 'cancelled', BY_CHANGE)
    throw new StaleRequestError(change, next.requestId)
  }

  /**
   * Decides by a rule: request, decision and audit entry are one transaction, and nobody is shown a card. Null where the
   * rule was the session's mode and has just ended.
   */
  async #decideBy(answer: PolicyAnswer, { subject, request, ask }: Asked): Promise<ApprovalVerdict | null> {
    const resolution: Resolution = {
      outcome: answer.decision === 'allow' ? 'allowed' : 'denied',
      by: { kind: 'rule', name: answer.rule },
      at: this.#deps.clock.now().toISOString(),
      ...(answer.decision === 'deny' ? { reason: answer.rule } : {}),
    }
    if (!(await this.#ledger.openResolved(subject, request, { ...resolution, isSkipped: answer.isSkipped }))) return null
    if (!answer.isRoutine) {
      await this.#deps.appendEvent(subject.sessionId, requestedEvent(request, ask))
      await this.#deps.appendEvent(subject.sessionId, resolvedEvent(request, resolution))
    }
    // Read back: what runs is what was stored.
    const stored = await this.#approvals.find(request.requestId)
    return stored ? this.#verdictOf(stored) : UNRECORDED
  }

  #wait(asked: Asked, signal: AbortSignal): Promise<ApprovalVerdict> {
    this.#asked.set(asked.request.requestId, asked)
    const verdict = this.#waiting.add(asked.request.requestId)
    this.#startTimer(asked.request)
    // A stale request gives way to another one.
    const cancel = () => void this.#end(asked.request.requestId, 'cancelled', BY_INTERRUPT)
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { once: true })
    return verdict.finally(() => {
      this.#asked.delete(asked.request.requestId)
      signal.removeEventListener('abort', cancel)
    })
  }

  #startTimer({ requestId, expiresAt }: ApprovalRequest): void {
    const waitMs = expiresAt === null ? null : Date.parse(expiresAt) - this.#deps.clock.now().getTime()
    this.#waiting.end(requestId, waitMs, () => void this.#timeOut(requestId, expiresAt))
  }

  async #timeOut(requestId: RequestId, expiresAt: string | null): Promise<void> {
    const stored = await this.#approvals.find(requestId).catch(() => null)
    // Extended just now: whoever did so sets the timer anew.
    if (stored?.status !== 'pending' || stored.request.expiresAt === expiresAt) await this.#end(requestId, 'timed-out', BY_TIMEOUT)
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
      this.#waiting.settle(requestId, UNRECORDED)
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
    const { bus } = this.#deps
    const isFirst = await this.#ledger.resolve(request, resolution)
    if (!isFirst) throw await this.#lost(request.requestId)
    const { outcome, by, at } = resolution
    const answer: ApprovalResolution = { requestId: request.requestId, sessionId: request.sessionId, outcome, by, at }
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

  /** What was allowed just before a freeze, and did not begin, does not begin. */
  async #verdictOf(stored: StoredApproval): Promise<ApprovalVerdict> {
    if (stored.status === 'allowed') await refuseFrozen(this.#deps.database)
    return verdictOf(stored)
  }

  /** Hands the agent what was stored, and nothing that came over the wire. False while nothing is decided. */
  async #release(requestId: RequestId): Promise<boolean> {
    try {
      const stored = await this.#approvals.find(requestId)
      if (!stored || stored.status === 'pending') return false
      this.#waiting.settle(requestId, await this.#verdictOf(stored))
    } catch (error) {
      if (!(error instanceof FrozenError)) this.#deps.logger.error({ err: error, requestId }, 'decision could not be read; denied')
      this.#waiting.settle(requestId, refusalFor(error))
    }
    return true
  }
}
