import type { FastifyRequest } from 'fastify'
import { TokenResponse } from '#protocol/auth'
import { UnauthorizedError } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { MalformedAttemptError, RefreshReusedError } from '../auth-errors.ts'
import { clientOf } from '../client.ts'
import { type AuthCookies, BindingMismatchError } from './auth-cookies.ts'
import type { RefreshService } from './refresh-service.ts'
import { refreshAnswer } from './token-answer.ts'

/** The exchange of the refresh cookie for an access token and the next cookie. */
export function registerRefreshRoute(router: Router, { refreshes, cookies }: { refreshes: RefreshService; cookies: AuthCookies }): void {
  const answer = refreshAnswer(cookies)
  router.add(
    {
      method: 'POST',
      path: '/auth/refresh',
      summary: 'Exchange the refresh cookie; sent again with the same Idempotency-Key, it is answered alike',
      params: Unused,
      query: Unused,
      body: Unused,
      response: TokenResponse,
    },
    async ({ request, reply }) => {
      try {
        const presented = { token: cookies.refreshToken(request), attempt: attemptOf(request), client: clientOf(request) }
        return answer(request, reply, await refreshes.refresh(presented))
      } catch (error) {
        if (error instanceof BindingMismatchError) await refreshes.recordRefusal(error.reason, clientOf(request))
        // Only when the login itself is over: a full disk must not sign anybody out.
        if (error instanceof UnauthorizedError || error instanceof RefreshReusedError) cookies.clear(request, reply)
        throw error
      }
    },
  )
}

/** @throws MalformedAttemptError */
function attemptOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[\w-]{16,128}$/.test(key)) throw new MalformedAttemptError()
  return key
}
