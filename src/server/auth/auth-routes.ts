import type { FastifyReply, FastifyRequest } from 'fastify'
import { AuthStatus, LoginRequest, RegisterRequest, TokenResponse, User, WsTicket } from '#protocol/auth'
import { principalOf, UnauthorizedError } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { AuthCookies } from './auth-cookies.ts'
import { RefreshReusedError } from './auth-errors.ts'
import type { AuthService, Client, SignedIn } from './auth-service.ts'
import { deviceName } from './device-name.ts'

export interface AuthRoutesOptions {
  cookies: AuthCookies
  demo: boolean
}

export function registerAuthRoutes(router: Router, auth: AuthService, options: AuthRoutesOptions): void {
  registerSignIn(router, auth, options)
  registerSignedIn(router, auth, options)
}

const unused = { params: Unused, query: Unused, body: Unused }

/** What is asked for before anybody is signed in. */
function registerSignIn(router: Router, auth: AuthService, { cookies, demo }: AuthRoutesOptions): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, { refreshToken, ...tokens }: SignedIn): TokenResponse => {
    cookies.set(request, reply, refreshToken)
    return tokens
  }

  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/auth/status',
      summary: 'Whether there is an account and who asks',
      access: 'public',
      response: AuthStatus,
    },
    async ({ request }) => {
      const user = await signedInUser(auth, request)
      return {
        needsSetup: await auth.needsSetup(),
        authenticated: user !== null,
        platformMode: false,
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
      access: 'public',
      body: RegisterRequest,
      response: TokenResponse,
      status: 201,
    },
    async ({ body, request, reply }) => answer(request, reply, await auth.register(body, clientOf(request))),
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/login', summary: 'Sign in', access: 'public', body: LoginRequest, response: TokenResponse },
    async ({ body, request, reply }) => answer(request, reply, await auth.login(body, clientOf(request))),
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/refresh', summary: 'Exchange the refresh cookie', access: 'public', response: TokenResponse },
    async ({ request, reply }) => {
      try {
        return answer(request, reply, await auth.refresh(cookies.refreshToken(request), clientOf(request)))
      } catch (error) {
        // Only when the login itself is over: a full disk must not sign anybody out.
        if (error instanceof UnauthorizedError || error instanceof RefreshReusedError) cookies.clear(request, reply)
        throw error
      }
    },
  )
}

/** What only somebody who is signed in may ask for. */
function registerSignedIn(router: Router, auth: AuthService, { cookies }: AuthRoutesOptions): void {
  router.add(
    { ...unused, method: 'POST', path: '/auth/logout', summary: 'End this login', access: 'user', response: null },
    async ({ request, reply }) => {
      await auth.logout(principalOf(request), clientOf(request))
      cookies.clear(request, reply)
    },
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/logout-all', summary: 'End all logins of the user', access: 'user', response: null },
    async ({ request, reply }) => {
      await auth.logoutAll(principalOf(request), clientOf(request))
      cookies.clear(request, reply)
    },
  )
  router.add(
    { ...unused, method: 'GET', path: '/auth/user', summary: 'The user who asks', access: 'user', response: User },
    async ({ request }) => principalOf(request).user,
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/ws-ticket', summary: 'A ticket for one WebSocket', access: 'user', response: WsTicket },
    async ({ request }) => auth.issueTicket(principalOf(request)),
  )
}

async function signedInUser(auth: AuthService, request: FastifyRequest): Promise<User | null> {
  const header = request.headers.authorization
  if (header?.startsWith('Bearer ') !== true) return null
  return auth.verifyAccessToken(header.slice('Bearer '.length)).then(
    (principal) => principal.user,
    () => null,
  )
}

function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, device: deviceName(request.headers['user-agent']) }
}
