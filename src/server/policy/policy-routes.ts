import * as z from 'zod/mini'
import { RuleId } from '#protocol/ids'
import { Policy, PolicyTest, PolicyVerdict, ReplacePolicy, ReplayRule, RuleReplay } from '#protocol/policy'
import { principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { PolicyService } from './policy-service.ts'

const unused = { params: Unused, query: Unused, body: Unused }

export function registerPolicyRoutes(router: Router, policy: PolicyService): void {
  router.add(
    { ...unused, method: 'GET', path: '/policy', summary: 'The rules that decide before a person does', response: Policy },
    ({ request }) => policy.get(principalOf(request)),
  )
  router.add(
    { ...unused, method: 'PUT', path: '/policy', summary: 'Replace the policy', body: ReplacePolicy, response: Policy },
    ({ body, request }) => policy.replace(body, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'DELETE',
      path: '/policy/rules/:ruleId',
      summary: 'Take one rule away',
      params: z.strictObject({ ruleId: RuleId }),
      response: null,
    },
    ({ params, request }) => policy.remove(params.ruleId, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/policy/test',
      summary: 'What would be decided about a call, and why',
      body: PolicyTest,
      response: PolicyVerdict,
    },
    ({ body, request }) => policy.test(body, principalOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/policy/replay',
      summary: 'What a rule would have decided over past calls of a project',
      body: ReplayRule,
      response: RuleReplay,
    },
    ({ body, request }) => policy.replay(body, principalOf(request)),
  )
}
