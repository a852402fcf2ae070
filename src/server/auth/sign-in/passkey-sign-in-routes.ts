import { TokenResponse } from '#protocol/auth'
import { PasskeyAnswer, PasskeyChallenge } from '#protocol/factors'
import { type Router, Unused } from '../../http/route.ts'
import { visitorOf } from '../client.ts'
import type { AuthCookies } from '../logins/auth-cookies.ts'
import { tokenAnswer } from '../logins/token-answer.ts'
import type { PasskeySignIn } from './passkey-sign-in.ts'

const unused = { params: Unused, query: Unused, body: Unused }

export function registerPasskeySignInRoutes(router: Router, { signIn, cookies }: { signIn: PasskeySignIn; cookies: AuthCookies }): void {
  const answer = tokenAnswer(cookies)
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/passkeys/challenge',
      summary: 'Ask for a passkey to sign in with',
      response: PasskeyChallenge,
    },
    async ({ request }) => signIn.challenge(visitorOf(request)),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/passkeys/login',
      summary: 'Sign in with a passkey',
      body: PasskeyAnswer,
      response: TokenResponse,
    },
    async ({ body, request, reply }) => answer(request, reply, () => signIn.login(body, visitorOf(request))),
  )
}
