import type { ApprovalPolicy } from '../approvals/approval-policy.ts'
import type { Router } from '../http/route.ts'
import type { EventBus } from '../platform/event-bus.ts'
import type { Logger } from '../platform/logger.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { registerPolicyRoutes } from './policy-routes.ts'
import { PolicyService, type PolicyServiceDeps } from './policy-service.ts'
import { PolicyStore } from './policy-store.ts'
import { RuleMemory } from './rule-memory.ts'
import { readingOf } from './shell/read-only-programs.ts'
import { understandCommandLine } from './shell/simple-commands.ts'
import { SkipPermission, type SkipPermissionDeps } from './skip-permission.ts'
import { assessRealRisk } from './tool-risk.ts'

export interface PolicyDeps extends Omit<PolicyServiceDeps, 'store' | 'memory'> {
  bus: EventBus
  logger: Logger
  recheck: SkipPermissionDeps['recheck']
}

/** All that the rest of the server may know of the policy. */
export function createPolicy(deps: PolicyDeps) {
  const store = new PolicyStore(deps.database, deps.bus)
  const memory = new RuleMemory({ ...deps, store })
  const service = new PolicyService({ ...deps, store, memory })
  return {
    gate: gatePolicy(service, { ...deps, memory, store }),
    skipping: new SkipPermission({ clock: deps.clock, recheck: deps.recheck, policy: () => store.snapshot() }),
    /** Ends what was allowed for a session's turn. */
    endTurn: memory.endTurn.bind(memory),
    /** Ends what was allowed for turns of an earlier server. */
    recover: () => memory.recover(),
    /** Housekeeping, from a timer. */
    async sweep(): Promise<void> {
      await memory.sweep()
      await service.prune()
    },
    registerRoutes: (router: Router) => {
      registerPolicyRoutes(router, service)
    },
  }
}

interface GateDeps extends Pick<PolicyDeps, 'provider'> {
  memory: RuleMemory
  store: PolicyStore
}

function gatePolicy(service: PolicyService, { memory, store, provider: providerOf }: GateDeps): ApprovalPolicy {
  return {
    assess: assessRealRisk,
    suggest: (question) => service.suggest(question),
    targets: (question) => service.targets(question),
    remember: (transaction, remembered) => memory.remember(transaction, remembered),
    changed: () => store.changed(),
    async decide(question) {
      const { decision, rule, explanation, isRoutine, isSkipped = false } = await service.judge(question)
      const words = rule === null ? explanation : `${explanation} (${rule.id})`
      return { decision, rule: isRoutine ? 'Only reads inside the project' : words, isRoutine, isSkipped }
    },
    withInput: ({ toolName, cwd }, input, { provider, cwd: root }) => ({
      ...providerOf(provider).describeCall(toolName, input, cwd ?? root),
      ...(cwd === undefined ? {} : { cwd }),
    }),
    commandsOf,
    mayBeRoutine: (ask) =>
      ask.approvalKind === 'command' ? (commandsOf(ask)?.every((words) => readingOf(words) !== null) ?? false) : ask.onlyReads === true,
  }
}

function commandsOf({ approvalKind, toolInput: { command } }: ApprovalAsk): (readonly string[])[] | null {
  if (approvalKind !== 'command' || typeof command !== 'string') return null
  const understood = understandCommandLine(command)
  return understood.kind === 'simple' ? understood.commands.map(({ words }) => words) : null
}
