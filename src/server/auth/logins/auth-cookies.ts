import type { FastifyReply, FastifyRequest } from 'fastify'
import { UnauthorizedError } from '../../http/principal.ts'

/**
 * The two cookies of a login. The refresh token is for `/api/auth` alone and out of scripts' reach; the marker holds no
 * secret and only says that somebody was signed in, so that the server sends the app and not the sign-in page.
 */
export class AuthCookies {
  readonly markerName: string
  readonly #refreshName: string
  readonly #maxAgeSeconds: number

  /** @param instance tells this installation's cookies from another's, since browsers share cookies between ports */
  constructor(instance: string, maxAgeSeconds: number) {
    this.markerName = `acu_signed_in_${instance}`
    this.#refreshName = `acu_refresh_${instance}`
    this.#maxAgeSeconds = maxAgeSeconds
  }

  /** @throws UnauthorizedError when the request carries none */
  refreshToken(request: FastifyRequest): string {
    const prefix = `${this.#refreshName}=`
    const pair = (request.headers.cookie ?? '').split(';').find((part) => part.trim().startsWith(prefix))
    if (pair === undefined) throw new UnauthorizedError()
    return pair.trim().slice(prefix.length)
  }

  set(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void {
    this.#write(request, reply, { refresh: refreshToken, marker: '1', maxAgeSeconds: this.#maxAgeSeconds })
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.#write(request, reply, { refresh: '', marker: '', maxAgeSeconds: 0 })
  }

  #write(request: FastifyRequest, reply: FastifyReply, value: { refresh: string; marker: string; maxAgeSeconds: number }): void {
    // Browsers drop Secure cookies that come over plain HTTP, so a laptop's own loopback server must do without.
    const rest = `SameSite=Strict; Max-Age=${String(value.maxAgeSeconds)}${request.protocol === 'https' ? '; Secure' : ''}`
    reply.header('set-cookie', [
      `${this.#refreshName}=${value.refresh}; Path=/api/auth; HttpOnly; ${rest}`,
      `${this.markerName}=${value.marker}; Path=/; ${rest}`,
    ])
  }
}
