import { Posture } from '#protocol/posture'
import { type Principal, principalOf } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'

export function registerPostureRoutes(router: Router, examine: (principal: Principal) => Promise<Posture>): void {
  router.add(
    {
      method: 'GET',
      path: '/security/posture',
      summary: 'The security checklist of this installation, looked at now',
      params: Unused,
      query: Unused,
      body: Unused,
      response: Posture,
    },
    ({ request }) => examine(principalOf(request)),
  )
}
