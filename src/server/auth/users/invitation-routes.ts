import { TokenResponse } from '#protocol/auth'
import { AcceptInvitation, InspectedInvitation, InspectInvitation } from '#protocol/users'
import { type Router, Unused } from '../../http/route.ts'
import { visitorOf } from '../client.ts'
import type { AuthCookies } from '../logins/auth-cookies.ts'
import { tokenAnswer } from '../logins/token-answer.ts'
import type { InvitationService } from './invitation-service.ts'

const unused = { params: Unused, query: Unused, body: Unused }

/** What somebody asks who was invited and has no account yet. The code travels in the body, so that no log holds it. */
export function registerInvitationRoutes(
  router: Router,
  { invitations, cookies }: { invitations: InvitationService; cookies: AuthCookies },
): void {
  const answer = tokenAnswer(cookies)

  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/invitations/inspect',
      summary: 'What an invitation is for',
      body: InspectInvitation,
      response: InspectedInvitation,
    },
    async ({ body, request }) => invitations.inspect(body.code, visitorOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/invitations/accept',
      summary: 'Make an account with an invitation',
      body: AcceptInvitation,
      response: TokenResponse,
      status: 201,
    },
    async ({ body, request, reply }) => answer(request, reply, () => invitations.accept(body, visitorOf(request))),
  )
}
