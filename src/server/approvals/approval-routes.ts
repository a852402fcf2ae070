import * as z from 'zod/mini'
import {
  ApprovalDecisionBody,
  ApprovalOutcomeBody,
  ApprovalRequest,
  ApprovalsQuery,
  DecidedApproval,
  DecidedQuery,
  ExtendApproval,
  FreezeRequest,
  FreezeState,
} from '#protocol/approvals'
import { RequestId } from '#protocol/ids'
import { type Page, pageOf } from '#protocol/lists'
import { type Principal, principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { ApprovalService } from './approval-service.ts'
import type { FreezeService } from './freeze-service.ts'

const Params = z.strictObject({ requestId: RequestId })

export function registerApprovalRoutes(
  router: Router,
  approvals: ApprovalService,
  decided: (query: DecidedQuery, principal: Principal) => Promise<Page<DecidedApproval>>,
): void {
  const unused = { params: Unused, query: Unused, body: Unused } as const

  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/approvals',
      summary: 'Tool calls that wait for a decision',
      query: ApprovalsQuery,
      response: pageOf(ApprovalRequest),
    },
    async ({ request }) => ({ items: await approvals.pending(principalOf(request)), nextCursor: null }),
  )
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/approvals/decided',
      summary: 'How requests were decided, newest first',
      query: DecidedQuery,
      response: pageOf(DecidedApproval),
    },
    ({ query, request }) => decided(query, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/approvals/:requestId',
      summary: 'Allow or deny',
      params: Params,
      body: ApprovalDecisionBody,
      response: ApprovalOutcomeBody,
    },
    async ({ params, body, request }) => {
      const { outcome } = await approvals.decide(params.requestId, body, principalOf(request))
      return { outcome }
    },
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/approvals/:requestId/extend',
      summary: 'Wait longer for a decision',
      params: Params,
      body: ExtendApproval,
      response: ApprovalRequest,
    },
    ({ params, body, request }) => approvals.extend(params.requestId, body.seconds, principalOf(request)),
  )
}

export function registerFreezeRoutes(router: Router, freeze: FreezeService): void {
  const unused = { params: Unused, query: Unused, body: Unused } as const

  router.add({ ...unused, method: 'GET', path: '/approvals/freeze', summary: 'Whether all agents are frozen', response: FreezeState }, () =>
    freeze.state(),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/approvals/freeze',
      summary: 'Deny and interrupt everything of every agent, until it is released',
      body: FreezeRequest,
      response: FreezeState,
    },
    ({ body, request }) => freeze.freeze(body, principalOf(request)),
  )
  router.add(
    { ...unused, method: 'DELETE', path: '/approvals/freeze', summary: 'Release the freeze', response: FreezeState },
    ({ request }) => freeze.release(principalOf(request)),
  )
}
