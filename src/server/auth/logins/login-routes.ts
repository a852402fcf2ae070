import { User, WsTicket } from '#protocol/auth'
import { principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { clientOf } from '../client.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import type { AuthCookies } from './auth-cookies.ts'
import { deviceTokensIn } from './device-cookie.ts'
import type { LoginService } from './login-service.ts'
import type { SocketTickets } from './socket-tickets.ts'

const unused = { params: Unused, query: Unused, body: Unused }

/** What somebody who is signed in asks about that. */
export function registerLoginRoutes(
  router: Router,
  { logins, tickets, cookies, devices }: { logins: LoginService; tickets: SocketTickets; cookies: AuthCookies; devices: TrustedDevices },
): void {
  router.add({ ...unused, method: 'POST', path: '/auth/logout', summary: 'End this login', response: null }, async ({ request, reply }) => {
    await logins.logout(principalOf(request), clientOf(request))
    cookies.clear(request, reply)
  })
  router.add(
    { ...unused, method: 'POST', path: '/auth/logout-all', summary: 'End all logins of the user', response: null },
    async ({ request, reply }) => {
      await logins.logoutAll(principalOf(request), clientOf(request))
      await devices.forgetOthers(principalOf(request).user.id, deviceTokensIn(request))
      cookies.clear(request, reply)
    },
  )
  router.add(
    { ...unused, method: 'GET', path: '/auth/user', summary: 'The user who asks', response: User },
    async ({ request }) => principalOf(request).user,
  )
  router.add(
    { ...unused, method: 'POST', path: '/auth/ws-ticket', summary: 'A ticket for one WebSocket', response: WsTicket },
    async ({ request }) => tickets.issue(principalOf(request)),
  )
}
