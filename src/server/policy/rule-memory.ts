import type { Kysely, Transaction } from 'kysely'
import type { ApprovalSuggestion, RememberFor } from '#protocol/approvals'
import { type RequestId, RuleId, type SessionId, type UserId } from '#protocol/ids'
import type { PolicyRule, RuleScope } from '#protocol/policy'
import { recordAudit } from '../platform/audit-log.ts'
import { canonicalJson } from '../platform/canonical-json.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { newId } from '../platform/new-id.ts'
import type { Tables } from '../platform/schema.ts'
import { auditedRule } from './audited-rule.ts'
import { TooManyRulesError } from './policy-errors.ts'
import type { PolicyStore } from './policy-store.ts'
import { RuleRepository } from './rule-repository.ts'

const DAY_MS = 24 * 60 * 60_000
/** So that sessions which nobody ever removes do not keep their rules. */
const SESSION_MS = 30 * DAY_MS
/** Below what the whole policy may hold, so that it can still be edited. */
const MAX_RULES = 1800

/** A decision that is to be remembered. */
export interface Remembered {
  requestId: RequestId
  sessionId: SessionId
  suggestion: ApprovalSuggestion
  rememberFor: RememberFor
  /** Who decided. */
  by: { userId: UserId; name: string; device?: string | undefined }
}

export interface RuleMemoryDeps {
  database: Kysely<Tables>
  clock: Clock
  logger: Logger
  store: PolicyStore
}

/** The rules that people make by deciding, and their ends. */
export class RuleMemory {
  readonly #deps: RuleMemoryDeps
  /** Sessions whose turn has ended and whose rules are not gone from the storage yet. */
  readonly #ended = new Set<SessionId>()

  constructor(deps: RuleMemoryDeps) {
    this.#deps = deps
  }

  /**
   * Saves the rule of a suggestion, in the transaction of the decision. To be followed by `changed` of the store.
   * @throws TooManyRulesError
   */
  async remember(transaction: Transaction<Tables> | Kysely<Tables>, remembered: Remembered): Promise<void> {
    const { suggestion, requestId, by } = remembered
    if (suggestion.draft === undefined) return
    const now = this.#deps.clock.now()
    const repository = new RuleRepository(transaction)
    const { decision, match, reason } = suggestion.draft
    const { scope, expiresAt } = placeOf(remembered, now)
    const rule: PolicyRule = {
      id: RuleId.parse(newId('rul')),
      decision,
      scope,
      match,
      reason,
      expiresAt,
      author: by.name,
      createdAt: now.toISOString(),
    }
    const replaced = (await repository.inScope(scope)).filter((old) => target(old) === target(rule))
    if (replaced.length === 0 && (await repository.count()) >= MAX_RULES) throw new TooManyRulesError()
    for (const { id } of replaced) await repository.remove(id)
    await repository.put(rule)
    await repository.advance()
    const details = {
      rule: auditedRule(rule),
      requestId,
      for: remembered.rememberFor,
      ...(replaced.length > 0 ? { replaced: replaced.map(({ id }) => id) } : {}),
    }
    await recordAudit(transaction, {
      at: now,
      actor: by.name,
      ...(by.device === undefined ? {} : { device: by.device }),
      action: 'policy.rule_added',
      subject: rule.id,
      details,
    })
  }

  /** Whether the rule was for a turn that is over. */
  isOver({ scope }: PolicyRule): boolean {
    return scope.kind === 'session' && scope.until === 'turn-end' && this.#ended.has(scope.sessionId)
  }

  /** Ends what was allowed for the turn of a session: at once here, and as soon as may be in the storage. */
  endTurn(sessionId: SessionId): void {
    this.#ended.add(sessionId)
    this.#forgetTurn(sessionId).catch((error: unknown) => {
      this.#deps.logger.error({ err: error, sessionId }, 'rules for a turn could not be taken away yet; they hold no more')
    })
  }

  /** Takes away from the storage what could not be before. */
  async sweep(): Promise<void> {
    for (const sessionId of this.#ended) await this.#forgetTurn(sessionId)
  }

  async #forgetTurn(sessionId: SessionId): Promise<void> {
    await this.#forget(sessionId, 'the turn has ended')
    this.#ended.delete(sessionId)
  }

  /** Ends what was allowed for turns of an earlier server. */
  async recover(): Promise<void> {
    await this.#forget(null, 'the server was restarted')
  }

  async #forget(sessionId: SessionId | null, why: string): Promise<void> {
    const { database, clock, store } = this.#deps
    if ((await new RuleRepository(database).ofTurns(sessionId)).length === 0) return
    await database.transaction().execute(async (transaction) => {
      const repository = new RuleRepository(transaction)
      for (const rule of await repository.ofTurns(sessionId)) {
        await repository.remove(rule.id)
        const details = { rule: auditedRule(rule), why }
        await recordAudit(transaction, { at: clock.now(), actor: 'system', action: 'policy.rule_expired', subject: rule.id, details })
      }
      await repository.advance()
    })
    store.changed()
  }
}

/** Where a remembered rule holds and until when. */
function placeOf({ suggestion, sessionId, rememberFor, by }: Remembered, now: Date): Pick<PolicyRule, 'scope' | 'expiresAt'> {
  const after = (ms: number) => new Date(now.getTime() + ms).toISOString()
  const ofSession: RuleScope = { kind: 'session', sessionId, userId: by.userId }
  switch (rememberFor) {
    case 'turn':
      return { scope: { ...ofSession, until: 'turn-end' }, expiresAt: after(DAY_MS) }
    case 'session':
      return { scope: ofSession, expiresAt: after(SESSION_MS) }
    case 'day':
      return { scope: suggestion.draft?.scope ?? ofSession, expiresAt: after(DAY_MS) }
    case 'forever':
      return { scope: suggestion.draft?.scope ?? ofSession, expiresAt: null }
  }
}

/** What a rule is about, whatever its files were: a newer one for the same takes the place of the older. */
function target({ decision, match: { exact, ...match } }: PolicyRule): string {
  return canonicalJson({ decision, match, exact: exact?.callHash ?? null })
}
