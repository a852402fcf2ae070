import { AuthStatus } from '#protocol/auth'
import { sendRequest } from './http-request.ts'

/** Whether there is an account, a login, a demo. Needs no login. @throws ApiError */
export async function fetchAuthStatus(): Promise<AuthStatus> {
  return AuthStatus.parse(await sendRequest({ method: 'GET', path: '/api/auth/status' }))
}
