import { Freshness, StepUpRequest } from '#protocol/factors'
import { principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { visitorOf } from '../client.ts'
import type { StepUp } from './step-up.ts'

export function registerStepUpRoutes(router: Router, stepUp: StepUp): void {
  router.add(
    {
      method: 'POST',
      path: '/auth/step-up',
      summary: 'Prove again who you are, for five minutes',
      params: Unused,
      query: Unused,
      body: StepUpRequest,
      response: Freshness,
    },
    async ({ body, request }) => stepUp.confirm(principalOf(request), body, visitorOf(request)),
  )
}
