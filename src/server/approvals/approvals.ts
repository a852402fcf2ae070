import type { Router } from '../http/route.ts'
import { registerApprovalRoutes } from './approval-routes.ts'
import { ApprovalService, type ApprovalServiceDeps } from './approval-service.ts'

/** All that the rest of the server may know of approvals. */
export function createApprovals(deps: ApprovalServiceDeps) {
  const service = new ApprovalService(deps)
  return {
    service,
    registerRoutes: (router: Router) => {
      registerApprovalRoutes(router, service)
    },
  }
}
