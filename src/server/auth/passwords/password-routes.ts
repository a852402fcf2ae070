import { ChangePassword } from '#protocol/auth'
import { principalOf } from '../../http/principal.ts'
import { type Router, Unused } from '../../http/route.ts'
import { visitorOf } from '../client.ts'
import type { PasswordChange } from './password-change.ts'

export function registerPasswordRoutes(router: Router, passwordChange: PasswordChange): void {
  router.add(
    {
      method: 'POST',
      path: '/auth/password',
      summary: 'Change the password; every other login ends',
      params: Unused,
      query: Unused,
      body: ChangePassword,
      response: null,
    },
    async ({ body, request }) => {
      await passwordChange.change(principalOf(request), body, visitorOf(request))
    },
  )
}
