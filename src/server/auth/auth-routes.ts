import type { FastifyReply, FastifyRequest } from 'fastify'
import { AuthStatus, LoginRequest, RegisterRequest, TokenResponse, User, WsTicket } from '#protocol/auth'
import { principalOf, UnauthorizedError } from '../http/principal.ts'
import { type Router, Unused } from '../http/route.ts'
import type { AuthService, Client, SignedIn } from './auth-service.ts'
import { deviceName } from './device-name.ts'

const REFRESH_COOKIE = 'acu_refresh'
/** Says only that somebody was signed in here, so that the server sends the app and not the sign-in page. No secret. */
const MARKER_COOKIE = 'acu_signed_in'

export interface AuthRoutesOptions {
  refreshTtlSeconds: number
  demo: boolean
}

export function registerAuthRoutes(router: Router, auth: AuthService, options: AuthRoutesOptions): void {
  const unused = { params: Unused, query: Unused, body: Unused }

  const answer = (request: FastifyRequest, reply: FastifyReply, { refreshToken, ...tokens }: SignedIn): TokenResponse => {
    setCookies(request, reply, refreshToken, options.refreshTtlSeconds)
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
        demo: options.demo,
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
      const refreshToken = cookie(request, REFRESH_COOKIE)
      if (refreshToken === null) throw new UnauthorizedError()
      try {
        return answer(request, reply, await auth.refresh(refreshToken, clientOf(request)))
      } catch (error) {
        clearCookies(request, reply)
        throw error
      }
    },
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/logout', summary: 'End this login', access: 'user', response: null },
    async ({ request, reply }) => {
      await auth.logout(principalOf(request), clientOf(request))
      clearCookies(request, reply)
    },
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/logout-all', summary: 'End all logins of the user', access: 'user', response: null },
    async ({ request, reply }) => {
      await auth.logoutAll(principalOf(request), clientOf(request))
      clearCookies(request, reply)
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

function cookie(request: FastifyRequest, name: string): string | null {
  const pair = (request.headers.cookie ?? '').split(';').find((part) => part.trim().startsWith(`${name}=`))
  return pair === undefined ? null : pair.trim().slice(name.length + 1)
}

function setCookies(request: FastifyRequest, reply: FastifyReply, refreshToken: string, maxAge: number): void {
  reply.header('set-cookie', [
    `${REFRESH_COOKIE}=${refreshToken}; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=${String(maxAge)}${secure(request)}`,
    `${MARKER_COOKIE}=1; Path=/; SameSite=Strict; Max-Age=${String(maxAge)}${secure(request)}`,
  ])
}

function clearCookies(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', [
    `${REFRESH_COOKIE}=; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=0${secure(request)}`,
    `${MARKER_COOKIE}=; Path=/; SameSite=Strict; Max-Age=0${secure(request)}`,
  ])
}

/** Browsers drop Secure cookies that come over plain HTTP, so a laptop's own loopback server must do without. */
function secure(request: FastifyRequest): string {
  return request.protocol === 'https' ? '; Secure' : ''
}
