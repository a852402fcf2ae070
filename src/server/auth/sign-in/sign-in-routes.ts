import type { FastifyRequest } from 'fastify'
import { AuthStatus, LoginRequest, RegisterRequest, TokenResponse, type User } from '#protocol/auth'
import { authenticate, type Verifiers } from '../../http/authentication.ts'
import { type Router, Unused } from '../../http/route.ts'
import { visitorOf } from '../client.ts'
import type { AuthCookies } from '../logins/auth-cookies.ts'
import { tokenAnswer } from '../logins/token-answer.ts'
import type { SignInService } from './sign-in-service.ts'

export interface SignInRoutesOptions {
  signIn: SignInService
  cookies: AuthCookies
  verifiers: Verifiers
  demo: boolean
}

const unused = { params: Unused, query: Unused, body: Unused }

/** What is asked for before anybody is signed in. */
export function registerSignInRoutes(router: Router, { signIn, cookies, verifiers, demo }: SignInRoutesOptions): void {
  const answer = tokenAnswer(cookies)

  router.add(
    { ...unused, method: 'GET', path: '/auth/status', summary: 'Whether there is an account and who asks', response: AuthStatus },
    async ({ request }) => {
      const user = await signedInUser(request, verifiers)
      return {
        needsSetup: verifiers.platform === null && (await signIn.needsSetup()),
        authenticated: user !== null,
        platformMode: verifiers.platform !== null,
        demo,
        ...(user ? { user } : {}),
      }
    },
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/register',
      summary: 'Make the first account',
      body: RegisterRequest,
      response: TokenResponse,
      status: 201,
    },
    async ({ body, request, reply }) => answer(request, reply, () => signIn.register(body, visitorOf(request))),
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/login', summary: 'Sign in', body: LoginRequest, response: TokenResponse },
    async ({ body, request, reply }) => answer(request, reply, () => signIn.login(body, visitorOf(request))),
  )
}

async function signedInUser(request: FastifyRequest, verifiers: Verifiers): Promise<User | null> {
  return authenticate(request, verifiers).then(
    ({ user }) => user,
    () => null,
  )
}
