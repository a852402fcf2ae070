import type { FastifyReply, FastifyRequest } from 'fastify'
import type { UserId } from '#protocol/ids'
import { UnauthorizedError } from '../../http/principal.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import { deviceTokensIn, setDeviceCookie } from './device-cookie.ts'

/** Other paths whose cookies a refresh carries (RFC 6265, 5.1.4). We set none there. */
const PLANTED_AT = ['/', '/api', '/api/', '/api/auth/', '/api/auth/refresh']

/**
 * The cookies of a login. The refresh token is for `/api/auth` alone and out of scripts' reach; the marker holds no
 * secret and only says that somebody was signed in, so that the server sends the app and not the sign-in page. The third
 * one outlives the login and only says that the browser was used for one.
 */
export class AuthCookies {
  readonly markerName: string
  readonly #refreshName: string
  readonly #instance: string
  readonly #maxAgeSeconds: number
  readonly #devices: TrustedDevices

  /** @param instance tells this installation's cookies from another's, since browsers share cookies between ports */
  constructor(instance: string, maxAgeSeconds: number, devices: TrustedDevices) {
    this.#instance = instance
    this.#devices = devices
    this.markerName = `acu_signed_in_${instance}`
    this.#refreshName = `acu_refresh_${instance}`
    this.#maxAgeSeconds = maxAgeSeconds
  }

  /**
   * @throws UnauthorizedError when the request carries none, and when it carries several: whatever runs on another port of
   * this host can plant one for a narrower path, which comes first, and would have its victim work in another account
   */
  refreshToken(request: FastifyRequest): string {
    const [token, ...others] = this.#refreshTokens(request)
    if (token === undefined) throw new UnauthorizedError()
    if (others.length > 0) throw new UnauthorizedError('This browser holds two logins, of which one may not be yours. Sign in again.')
    return token
  }

  set(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void {
    this.#write(request, reply, { refresh: refreshToken, marker: '1', maxAgeSeconds: this.#maxAgeSeconds })
  }

  /** From now on failed attempts of this browser at the user's account are counted by themselves. */
  async trustDevice(request: FastifyRequest, reply: FastifyReply, userId: UserId): Promise<void> {
    const value = await this.#devices.renew(deviceTokensIn(request), userId)
    setDeviceCookie(request, reply, { instance: this.#instance, value })
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.#write(request, reply, { refresh: '', marker: '', maxAgeSeconds: 0 })
    if (this.#refreshTokens(request).length <= 1) return
    for (const path of PLANTED_AT) reply.header('set-cookie', `${this.#refreshName}=; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=0`)
  }

  #refreshTokens({ headers }: FastifyRequest): string[] {
    const prefix = `${this.#refreshName}=`
    const pairs = (headers.cookie ?? '').split(';').map((part) => part.trim())
    return [...new Set(pairs.filter((pair) => pair.startsWith(prefix)).map((pair) => pair.slice(prefix.length)))]
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
