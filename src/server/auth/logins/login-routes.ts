import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import { User, WsTicket } from '#protocol/auth'
import { LoginId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import { AccountNotice, Login, ReadNotices } from '#protocol/logins'
import { loginOf, principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { clientOf } from '../client.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import type { AuthCookies } from './auth-cookies.ts'
import { deviceTokensIn } from './device-cookie.ts'
import type { LoginService } from './login-service.ts'
import type { Notices } from './notices.ts'
import type { SocketTickets } from './socket-tickets.ts'

export interface LoginRoutesOptions {
  logins: LoginService
  notices: Notices
  tickets: SocketTickets
  cookies: AuthCookies
  devices: TrustedDevices
}

const unused = { params: Unused, query: Unused, body: Unused }

/** What somebody who is signed in asks about that. */
export function registerLoginRoutes(router: Router, options: LoginRoutesOptions): void {
  registerEndRoutes(router, options)
  registerListRoutes(router, options)
  router.add(
    { ...unused, method: 'GET', path: '/auth/user', summary: 'The user who asks', response: User },
    async ({ request }) => principalOf(request).user,
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/ws-ticket', summary: 'A ticket for one WebSocket', response: WsTicket },
    async ({ request }) => options.tickets.issue(principalOf(request)),
  )
}

function registerEndRoutes(router: Router, { logins, cookies, devices }: LoginRoutesOptions): void {
  /** Leaves nothing of the login in the browser that asked. */
  const forget = (request: FastifyRequest, reply: FastifyReply) => {
    cookies.clear(request, reply)
    // Pages kept for the way back too. Not "storage": the theme stays, and what else is ours there the page removes itself.
    reply.header('clear-site-data', '"cache"')
  }
  router.add({ ...unused, method: 'POST', path: '/auth/logout', summary: 'End this login', response: null }, async ({ request, reply }) => {
    await logins.logout(principalOf(request), clientOf(request))
    forget(request, reply)
  })
  router.add(
    { ...unused, method: 'POST', path: '/auth/logout-all', summary: 'End all logins of the user', response: null },
    async ({ request, reply }) => {
      await logins.logoutAll(principalOf(request), clientOf(request))
      await devices.forgetOthers(principalOf(request).user.id, deviceTokensIn(request))
      forget(request, reply)
    },
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/logins/end-others', summary: 'End all logins of the user but this one', response: null },
    async ({ request }) => {
      await logins.endOthers(principalOf(request), clientOf(request))
      await devices.forgetOthers(principalOf(request).user.id, deviceTokensIn(request))
    },
  )
  router.add(
    {
      ...unused,
      method: 'DELETE',
      path: '/auth/logins/:loginId',
      summary: 'End one login of the user',
      params: z.object({ loginId: LoginId }),
      response: null,
    },
    async ({ params: { loginId }, request, reply }) => {
      const principal = principalOf(request)
      await logins.endOne(loginId, principal, clientOf(request))
      if (loginId === loginOf(principal)) forget(request, reply)
    },
  )
}

function registerListRoutes(router: Router, { logins, notices }: LoginRoutesOptions): void {
  router.add(
    { ...unused, method: 'GET', path: '/auth/logins', summary: 'Devices that are signed in', response: pageOf(Login) },
    async ({ request }) => ({ items: await logins.list(principalOf(request)), nextCursor: null }),
  )
  router.add(
    {
      ...unused,
      method: 'GET',
      path: '/auth/notices',
      summary: 'What the user should know of the account',
      response: pageOf(AccountNotice),
    },
    async ({ request }) => ({ items: await notices.listUnread(principalOf(request)), nextCursor: null }),
  )
  router.add(
    {
      ...unused,
      method: 'POST',
      path: '/auth/notices/read',
      summary: 'Notices that need not be shown again',
      body: ReadNotices,
      response: null,
    },
    async ({ body: { ids }, request }) => {
      await notices.markRead(ids, principalOf(request).user.id)
    },
  )
}
