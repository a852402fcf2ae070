import type { Kysely } from 'kysely'
import type { ApprovalSuggestion, CallTargets } from '#protocol/approvals'
import { type ProjectId, ProviderId, RuleId, type UserId } from '#protocol/ids'
import {
  type Policy,
  PolicyPreset,
  type PolicyRule,
  type PolicyTest,
  type PolicyVerdict,
  type ReplacePolicy,
  type ReplayRule,
  type RuleDraft,
  type RuleReplay,
} from '#protocol/policy'
import type { Project } from '#protocol/projects'
import type { PolicyQuestion } from '../approvals/approval-policy.ts'
import { readsAll } from '../http/reach.ts'
import { ForbiddenError, type Principal } from '../http/principal.ts'
import { recordAudit } from '../platform/audit-log.ts'
import type { Clock } from '../platform/clock.ts'
import { newId } from '../platform/new-id.ts'
import type { Tables } from '../platform/schema.ts'
import type { Provider } from '../providers/provider.ts'
import { auditedChanges, auditedRule } from './audited-rule.ts'
import { targetsOf } from './call-targets.ts'
import { faultsOf } from './check-rules.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { type Judgement, judge } from './judge.ts'
import { InvalidRulesError, PresetNotOfferedError, RuleNotFoundError, StalePolicyError } from './policy-errors.ts'
import type { PolicyStore } from './policy-store.ts'
import { changesBetween } from './rule-changes.ts'
import type { RuleMemory } from './rule-memory.ts'
import { type PastCall, replayRule } from './rule-replay.ts'
import { suggest } from './suggestions.ts'
import { RuleRepository } from './rule-repository.ts'
import { assessRealRisk } from './tool-risk.ts'

export interface PolicyServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  store: PolicyStore
  memory: Pick<RuleMemory, 'isOver'>
  dataDirectory: string
  provider: (id: string) => Provider
  project: (id: Project['id']) => Promise<Project>
  /** Calls of a project that were decided, newest first; of one user, or of everybody. */
  pastCalls: (projectId: ProjectId, userId: UserId | null) => AsyncIterable<PastCall>
  /** Whether agents run in a sandbox here. */
  hasSandbox: () => boolean
}

const PRUNED_AT_ONCE = 200
const DEFAULT_PROVIDER = ProviderId.parse('claude')

/** The rules and what they say. */
export class PolicyService {
  readonly #deps: PolicyServiceDeps

  constructor(deps: PolicyServiceDeps) {
    this.#deps = deps
  }

  /** The policy; other people's own rules are for owners to see. */
  async get(principal: Principal): Promise<Policy> {
    const { version, preset, rules } = await this.#deps.store.snapshot()
    const visible = principal.scopes.has('admin') ? rules : rules.filter(({ scope }) => isOpenTo(scope, principal))
    return { version, preset, rules: [...visible], presets: this.#presets() }
  }

  /**
   * Puts the whole policy in place of the one that was read.
   * @throws StalePolicyError | InvalidRulesError | PresetNotOfferedError
   */
  async replace(wanted: ReplacePolicy, principal: Principal): Promise<Policy> {
    const { database, clock, store } = this.#deps
    if (!this.#presets().includes(wanted.preset)) throw new PresetNotOfferedError()
    const now = clock.now()
    await database.transaction().execute(async (transaction) => {
      const repository = new RuleRepository(transaction)
      const before = await repository.state()
      if (before.version !== wanted.version) throw new StalePolicyError(before.version)
      // A rule that ran out since it was read is no fault of whoever saves; it is pruned as all others are.
      const known = new Map((await repository.rules()).map((rule) => [rule.id, rule]))
      const faults = faultsOf(wanted.rules, now).filter(({ field }) => !isOldExpiry(field, wanted.rules, known))
      if (faults.length > 0) throw new InvalidRulesError(faults)
      const rules = wanted.rules.map((draft) => ruleOf(draft, known, principal, now))
      const changes = changesBetween([...known.values()], rules)
      for (const rule of [...changes.added, ...changes.changed.map(({ after }) => after)]) await repository.put(rule)
      for (const { id } of changes.removed) await repository.remove(id)
      await repository.advance(wanted.preset)
      const details = { version: before.version + 1, preset: wanted.preset, presetBefore: before.preset, ...auditedChanges(changes) }
      await recordAudit(transaction, { at: now, ...actorOf(principal), action: 'policy.changed', subject: 'policy', details })
    })
    store.changed()
    return this.get(principal)
  }

  /**
   * Takes one rule away. What asks or denies was laid upon people by an owner, who alone lifts it.
   * @throws RuleNotFoundError | ForbiddenError for one that is not the caller's own
   */
  async remove(id: RuleId, principal: Principal): Promise<void> {
    const { database, clock, store } = this.#deps
    const rule = (await store.snapshot()).rules.find((each) => each.id === id)
    const isAdmin = principal.scopes.has('admin')
    if (!rule || (!isAdmin && !isOpenTo(rule.scope, principal))) throw new RuleNotFoundError()
    if (!isAdmin && !(isOwn(rule.scope, principal) && rule.decision === 'allow'))
      throw new ForbiddenError('Only what you allowed yourself is yours to take away. Ask the owner of the installation about this rule.')
    await database.transaction().execute(async (transaction) => {
      const repository = new RuleRepository(transaction)
      if (!(await repository.remove(id))) throw new RuleNotFoundError()
      await repository.advance()
      const details = { rule: auditedRule(rule) }
      await recordAudit(transaction, { at: clock.now(), ...actorOf(principal), action: 'policy.rule_removed', subject: id, details })
    })
    store.changed()
  }

  /** What would be decided about a call, by the same steps as for a real one. */
  async test({ toolName, toolInput, projectId, provider, mode }: PolicyTest, principal: Principal): Promise<PolicyVerdict> {
    const { project, provider: providerOf } = this.#deps
    const { path: cwd, trusted } = await project(projectId)
    const id = provider ?? DEFAULT_PROVIDER
    const ask = providerOf(id).describeCall(toolName, toolInput, cwd)
    const context = { userId: principal.user.id, projectId, sessionId: null, provider: id, mode: mode ?? 'default', cwd, trusted }
    const { decision, rule, explanation } = await this.judge({ ask, context, riskLevel: (await assessRealRisk(ask, cwd)).level })
    return { decision, rule: rule !== null && !mayRead(rule, principal) ? null : rule, explanation }
  }

  /** The decision about a call as the policy is now. */
  async judge(question: PolicyQuestion): Promise<Judgement> {
    const { clock, dataDirectory } = this.#deps
    return judge(question, { ...(await this.#rules()), now: clock.now(), dataDirectory })
  }

  /** Where a call seems to reach. */
  targets({ ask, context }: PolicyQuestion): Promise<CallTargets> {
    return targetsOf(ask, { ...context, dataDirectory: this.#deps.dataDirectory })
  }

  /** What may be allowed from now on together with a call. */
  async suggest(question: PolicyQuestion): Promise<ApprovalSuggestion[]> {
    const { clock, dataDirectory } = this.#deps
    return suggest(question, { ...(await this.#rules()), now: clock.now(), dataDirectory })
  }

  /**
   * What a rule would have decided over the newest past calls of a project that the caller may see.
   * @throws InvalidRulesError | ProjectNotFoundError
   */
  async replay({ rule, projectId }: ReplayRule, principal: Principal): Promise<RuleReplay> {
    const { clock, dataDirectory, provider, project: projectOf, pastCalls } = this.#deps
    const now = clock.now()
    const faults = faultsOf([rule], now)
    if (faults.length > 0) throw new InvalidRulesError(faults)
    const project = await projectOf(projectId)
    const calls = pastCalls(projectId, readsAll(principal) ? null : principal.user.id)
    return replayRule(rule, calls, { project, dataDirectory, provider, now })
  }

  /** Takes away the rules that ran out, and writes each down once. */
  async prune(): Promise<void> {
    const { database, clock, store } = this.#deps
    const now = clock.now()
    const { rules } = await store.snapshot()
    if (!rules.some(({ expiresAt }) => expiresAt !== null && expiresAt <= now.toISOString())) return
    await database.transaction().execute(async (transaction) => {
      const repository = new RuleRepository(transaction)
      for (const rule of await repository.expired(now.toISOString(), PRUNED_AT_ONCE)) {
        await repository.remove(rule.id)
        await recordAudit(transaction, {
          at: now,
          actor: 'system',
          action: 'policy.rule_expired',
          subject: rule.id,
          details: { rule: auditedRule(rule) },
        })
      }
      await repository.advance()
    })
    store.changed()
  }

  /** The rules that hold; those for a turn that is over do not, even before they are gone from the storage. */
  async #rules(): Promise<{ preset: PolicyPreset; rules: CompiledRules }> {
    const { store, memory } = this.#deps
    const { preset, compiled } = await store.snapshot()
    const rules: CompiledRules = {
      speaking: async (facts, now) => (await compiled.speaking(facts, now)).filter(({ rule }) => !memory.isOver(rule)),
    }
    return { preset: this.#effective(preset), rules }
  }

  #presets(): PolicyPreset[] {
    return PolicyPreset.options.filter((preset) => preset !== 'trusting' || this.#deps.hasSandbox())
  }

  /** Without a sandbox nothing is trusted, whatever was chosen when there was one. */
  #effective(preset: PolicyPreset): PolicyPreset {
    return this.#presets().includes(preset) ? preset : 'careful'
  }
}

function actorOf({ user, device }: Principal) {
  return { actor: user.username, device }
}

function isOwn(scope: PolicyRule['scope'], { user }: Principal): boolean {
  return scope.kind !== 'global' && scope.userId === user.id
}

function isOpenTo(scope: PolicyRule['scope'], principal: Principal): boolean {
  return scope.kind === 'global' || (scope.kind === 'project' && scope.userId === undefined) || isOwn(scope, principal)
}

function mayRead({ scope }: PolicyRule, principal: Principal): boolean {
  return principal.scopes.has('admin') || isOpenTo(scope, principal)
}

function isOldExpiry(field: string, drafts: readonly RuleDraft[], known: ReadonlyMap<RuleId, PolicyRule>): boolean {
  const [, index, name] = field.split('.')
  const draft = drafts[Number(index)]
  return name === 'expiresAt' && draft?.id !== undefined && known.get(draft.id)?.expiresAt === draft.expiresAt
}

/** Author and creation are ours to say; an id that is not known makes a new rule. */
function ruleOf(draft: RuleDraft, known: ReadonlyMap<RuleId, PolicyRule>, { user }: Principal, now: Date): PolicyRule {
  const { decision, scope, match, reason, expiresAt } = draft
  const before = draft.id === undefined ? undefined : known.get(draft.id)
  return {
    id: before?.id ?? RuleId.parse(newId('rul')),
    decision,
    scope,
    match,
    reason,
    expiresAt,
    author: before?.author ?? user.username,
    createdAt: before?.createdAt ?? now.toISOString(),
  }
}
