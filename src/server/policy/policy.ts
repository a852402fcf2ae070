import * as z from 'zod/mini'
import type { ApprovalPolicy } from '../approvals/approval-policy.ts'
import type { Router } from '../http/route.ts'
import type { EventBus } from '../platform/event-bus.ts'
import { registerPolicyRoutes } from './policy-routes.ts'
import { PolicyService, type PolicyServiceDeps } from './policy-service.ts'
import { PolicyStore } from './policy-store.ts'
import { OfferedGrant, offerGrants, SessionGrant } from './session-grant.ts'
import { understandCommandLine } from './shell/simple-commands.ts'
import { SkipPermission, type SkipPermissionDeps } from './skip-permission.ts'
import { assessRisk } from './tool-risk.ts'

const OfferedGrants = z.array(OfferedGrant)

export interface PolicyDeps extends Omit<PolicyServiceDeps, 'store'> {
  bus: EventBus
  recheck: SkipPermissionDeps['recheck']
}

/** All that the rest of the server may know of the policy. */
export function createPolicy(deps: PolicyDeps) {
  const store = new PolicyStore(deps.database, deps.bus)
  const service = new PolicyService({ ...deps, store })
  return {
    gate: gatePolicy(service),
    skipping: new SkipPermission({ clock: deps.clock, recheck: deps.recheck, policy: () => store.snapshot() }),
    /** Housekeeping, from a timer. */
    sweep: () => service.prune(),
    registerRoutes: (router: Router) => {
      registerPolicyRoutes(router, service)
    },
  }
}

function gatePolicy(service: PolicyService): ApprovalPolicy {
  return {
    assess(ask, cwd) {
      const risk = assessRisk(ask, cwd)
      return { risk, offered: offerGrants(ask, cwd, risk.level) }
    },
    async decide(question) {
      const { decision, rule, explanation, isRoutine, isSkipped = false } = await service.judge(question)
      const words = rule === null ? explanation : `${explanation} (${rule.id})`
      return { decision, rule: isRoutine ? 'Only reads inside the project' : words, isRoutine, isSkipped }
    },
    commandsOf: ({ approvalKind, toolInput: { command } }) => {
      if (approvalKind !== 'command' || typeof command !== 'string') return null
      const understood = understandCommandLine(command)
      return understood.kind === 'simple' ? understood.commands.map(({ words }) => words) : null
    },
    parseGrant: (stored) => SessionGrant.parse(stored),
    parseOffered: (stored) => OfferedGrants.parse(stored),
  }
}
