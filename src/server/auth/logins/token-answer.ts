import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TokenResponse } from '#protocol/auth'
import type { AuthCookies } from './auth-cookies.ts'
import type { SignedIn } from './login-service.ts'

/** How every way in answers: the access token in the body, the refresh token in a cookie alone; the browser is trusted from now on. */
export function tokenAnswer(cookies: AuthCookies) {
  return async (request: FastifyRequest, reply: FastifyReply, signIn: () => Promise<SignedIn>): Promise<TokenResponse> => {
    cookies.requireReadable(request)
    const signedIn = await signIn()
    await cookies.trustDevice(request, reply, signedIn.user.id)
    return refreshAnswer(cookies)(request, reply, signedIn)
  }
}

/** How a login that goes on answers. */
export function refreshAnswer(cookies: AuthCookies) {
  return (request: FastifyRequest, reply: FastifyReply, { token, expiresIn, user, refreshToken }: SignedIn): TokenResponse => {
    cookies.set(request, reply, refreshToken)
    return { token, expiresIn, user }
  }
}
