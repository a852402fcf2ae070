import type { ProjectId, UserId } from '#protocol/ids'
import type { Router } from '../http/route.ts'
import { registerApprovalRoutes, registerFreezeRoutes } from './approval-routes.ts'
import { ApprovalService } from './approval-service.ts'
import type { ApprovalServiceDeps } from './approval-service-deps.ts'
import { decidedApprovals } from './decided-approvals.ts'
import { FreezeService } from './freeze-service.ts'
import { pastCalls } from './past-calls.ts'
import { refuseFrozen } from './freeze-state.ts'

export interface ApprovalsDeps extends ApprovalServiceDeps {
  /** Ends the running turn of every agent. */
  interruptAll: () => Promise<void>
  /** Lets no session skip approvals any more. */
  endSkipping: (why: string) => Promise<void>
}

/** All that the rest of the server may know of approvals. */
export function createApprovals(deps: ApprovalsDeps) {
  const service = new ApprovalService(deps)
  const freeze = new FreezeService({ ...deps, denyPending: (why) => service.denyPending(why) })
  return {
    service,
    /** Calls that were decided, newest first. */
    pastCalls: (projectId: ProjectId, userId: UserId | null) => pastCalls(deps.database, projectId, userId),
    /** Throws FrozenError while everything is frozen. */
    refuseFrozen: () => refuseFrozen(deps.database),
    registerRoutes: (router: Router) => {
      registerApprovalRoutes(router, service, (query, principal) => decidedApprovals(deps.database, query, principal))
      registerFreezeRoutes(router, freeze)
    },
  }
}
