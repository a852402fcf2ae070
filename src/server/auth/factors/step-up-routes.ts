import { Freshness, PasskeyChallenge, StepUpRequest } from '#protocol/factors'
import { principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { siteOf, visitorOf } from '../client.ts'
import type { StepUp } from './step-up.ts'

const unused = { params: Unused, query: Unused, body: Unused }

export function registerStepUpRoutes(router: Router, stepUp: StepUp): void {
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/step-up',
      summary: 'Prove again who you are, for five minutes',
      body: StepUpRequest,
      response: Freshness,
    },
    async ({ body, request }) => stepUp.confirm(principalOf(request), body, visitorOf(request)),
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/step-up/challenge', summary: 'Ask for a passkey to do so', response: PasskeyChallenge },
    async ({ request }) => stepUp.challenge(principalOf(request), siteOf(request)),
  )
}
