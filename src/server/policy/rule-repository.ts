import { type Kysely, type Selectable, sql } from 'kysely'
import type { RuleId, SessionId } from '#protocol/ids'
import { type PolicyPreset, type PolicyRule, RuleMatch, RuleScope } from '#protocol/policy'
import type { PolicyRulesTable, PolicyStateTable } from '../platform/schema-policy.ts'
import type { Tables } from '../platform/schema.ts'

/** All SQL of the policy. */
export class RuleRepository {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async state(): Promise<Pick<Selectable<PolicyStateTable>, 'version' | 'preset'>> {
    return this.#db.selectFrom('policy_state').select(['version', 'preset']).where('id', '=', 1).executeTakeFirstOrThrow()
  }

  /** In the order in which they were written: those of one save have one time, and their ids are random. */
  async rules(): Promise<PolicyRule[]> {
    const rows = await this.#db.selectFrom('policy_rules').selectAll().orderBy('created_at').orderBy(sql`rowid`).execute()
    return rows.map(toRule)
  }

  async expired(at: string, limit: number): Promise<PolicyRule[]> {
    const rows = await this.#db.selectFrom('policy_rules').selectAll().where('expires_at', '<=', at).limit(limit).execute()
    return rows.map(toRule)
  }

  /** The rules that hold in exactly this place. */
  async inScope(scope: RuleScope): Promise<PolicyRule[]> {
    const rows = await this.#db.selectFrom('policy_rules').selectAll().where('scope', '=', JSON.stringify(scope)).execute()
    return rows.map(toRule)
  }

  /** The rules for one turn, of a session or of all. */
  async ofTurns(sessionId: SessionId | null): Promise<PolicyRule[]> {
    const rows = await this.#db.selectFrom('policy_rules').selectAll().where('scope', 'like', '%"until":"turn-end"%').execute()
    return rows.map(toRule).filter(({ scope }) => scope.kind === 'session' && (sessionId === null || scope.sessionId === sessionId))
  }

  async count(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('policy_rules')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return count
  }

  async put(rule: PolicyRule): Promise<void> {
    const { id, decision, reason, author } = rule
    const changeable = {
      decision,
      scope: JSON.stringify(rule.scope),
      match: JSON.stringify(rule.match),
      reason,
      expires_at: rule.expiresAt,
    }
    await this.#db
      .insertInto('policy_rules')
      .values({ id, ...changeable, author, created_at: rule.createdAt })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(changeable))
      .execute()
  }

  /** False when there is no such rule any more. */
  async remove(id: RuleId): Promise<boolean> {
    const { numDeletedRows } = await this.#db.deleteFrom('policy_rules').where('id', '=', id).executeTakeFirst()
    return numDeletedRows === 1n
  }

  async advance(preset?: PolicyPreset): Promise<void> {
    await this.#db
      .updateTable('policy_state')
      .set(({ eb }) => ({ version: eb('version', '+', 1), ...(preset === undefined ? {} : { preset }) }))
      .where('id', '=', 1)
      .execute()
  }
}

function toRule(row: Selectable<PolicyRulesTable>): PolicyRule {
  return {
    id: row.id,
    decision: row.decision,
    scope: RuleScope.parse(JSON.parse(row.scope)),
    match: RuleMatch.parse(JSON.parse(row.match)),
    reason: row.reason,
    expiresAt: row.expires_at,
    author: row.author,
    createdAt: row.created_at,
  }
}
