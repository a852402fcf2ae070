import type { FastifyReply, FastifyRequest } from 'fastify'
import type { UserId } from '#protocol/ids'
import { UnauthorizedError } from '../../http/principal.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import { deviceTokensIn, setDeviceCookie } from './device-cookie.ts'

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

  /** From now on failed attempts of this browser at the user's account are counted by themselves. */
  async trustDevice(request: FastifyRequest, reply: FastifyReply, userId: UserId): Promise<void> {
    const value = await this.#devices.renew(deviceTokensIn(request), userId)
    setDeviceCookie(request, reply, { instance: this.#instance, value })
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
