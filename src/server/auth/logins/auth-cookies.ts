import type { FastifyReply, FastifyRequest } from 'fastify'
import type { UserId } from '#protocol/ids'
import { UnauthorizedError } from '../../http/principal.ts'
import type { TrustedDevices } from '../throttle/trusted-devices.ts'
import { deviceTokensIn, setDeviceCookie } from './device-cookie.ts'
import { bind, bindingOf, isBound, unbind } from './refresh-binding.ts'

export interface AuthCookiesOptions {
  /** Tells this installation's cookies from another's, since browsers share cookies between ports. */
  instance: string
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
  maxAgeSeconds: number
  devices: TrustedDevices
}

/** A refresh cookie without the half that it is bound to, or one that is bound to nothing beside a half: copied, or planted. */
export class BindingMismatchError extends UnauthorizedError {
  /** For the audit log; whoever asks hears what they would hear without a login. */
  readonly reason: string

  constructor(reason: string) {
    super()
    this.reason = reason
  }
}

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
  readonly #basePath: string

  constructor({ instance, basePath, maxAgeSeconds, devices }: AuthCookiesOptions) {
    this.#basePath = basePath
    this.#instance = instance
    this.#devices = devices
    this.markerName = `acu_signed_in_${instance}`
    this.#refreshName = `acu_refresh_${instance}`
    this.#maxAgeSeconds = maxAgeSeconds
  }

  /**
   * The token in the cookie. From a client that keeps a half only what is bound to it counts, from others only what is bound
   * to nothing.
   * @throws BindingMismatchError
   * @throws UnauthorizedError when the request carries none, and when it carries several that count: whatever runs on another
   * port of this host can plant one for a narrower path, which comes first, and would have its victim work in another account
   * @throws DomainError BAD_REQUEST for a half that is none
   */
  refreshToken(request: FastifyRequest): string {
    const binding = bindingOf(request)
    const values = this.#refreshValues(request)
    if (values.length === 0) throw new UnauthorizedError()
    const [token, ...others] = values.map((value) => this.#open(value, binding)).filter((each) => each !== null)
    if (token === undefined) throw new BindingMismatchError(mismatchOf(binding, values))
    if (others.length > 0) throw new UnauthorizedError('This browser holds two logins, of which one may not be yours. Sign in again.')
    return token
  }

  /** To be asked before anything is done for which {@link set} is to be called. @throws DomainError BAD_REQUEST for a half that is none */
  requireReadable(request: FastifyRequest): void {
    bindingOf(request)
  }

  set(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void {
    const binding = bindingOf(request)
    const refresh = binding === null ? refreshToken : bind(refreshToken, binding, this.#refreshName)
    this.#write(request, reply, { refresh, marker: '1', maxAgeSeconds: this.#maxAgeSeconds })
    this.#dropPlanted(request, reply)
  }

  /** From now on failed attempts of this browser at the user's account are counted by themselves. */
  async trustDevice(request: FastifyRequest, reply: FastifyReply, userId: UserId): Promise<void> {
    const value = await this.#devices.renew(deviceTokensIn(request), userId)
    setDeviceCookie(request, reply, { instance: this.#instance, path: this.#authPath, value })
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.#write(request, reply, { refresh: '', marker: '', maxAgeSeconds: 0 })
    this.#dropPlanted(request, reply)
  }

  get #authPath(): string {
    return `${this.#basePath}/api/auth`
  }

  #open(value: string, binding: Buffer | null): string | null {
    if (binding === null) return isBound(value) ? null : value
    return unbind(value, binding, this.#refreshName)
  }

  #dropPlanted(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#refreshValues(request).length <= 1) return
    for (const path of plantedAt(this.#authPath))
      reply.header('set-cookie', `${this.#refreshName}=; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=0`)
  }

  /** Different ones only. */
  #refreshValues({ headers }: FastifyRequest): string[] {
    const prefix = `${this.#refreshName}=`
    const pairs = (headers.cookie ?? '').split(';').map((part) => part.trim())
    return [...new Set(pairs.filter((pair) => pair.startsWith(prefix)).map((pair) => pair.slice(prefix.length)))]
  }

  #write(request: FastifyRequest, reply: FastifyReply, value: { refresh: string; marker: string; maxAgeSeconds: number }): void {
    // Browsers drop Secure cookies that come over plain HTTP, so a laptop's own loopback server must do without.
    const rest = `SameSite=Strict; Max-Age=${String(value.maxAgeSeconds)}${request.protocol === 'https' ? '; Secure' : ''}`
    reply.header('set-cookie', [
      `${this.#refreshName}=${value.refresh}; Path=${this.#authPath}; HttpOnly; ${rest}`,
      `${this.markerName}=${value.marker}; Path=${this.#basePath === '' ? '/' : this.#basePath}; ${rest}`,
    ])
  }
}

/** Other paths whose cookies a refresh carries (RFC 6265, 5.1.4). We set none there. */
function plantedAt(authPath: string): string[] {
  const steps = authPath.split('/').slice(1)
  const folders = steps.flatMap((_, index) => {
    const folder = `/${steps.slice(0, index + 1).join('/')}`
    return [folder, `${folder}/`]
  })
  return ['/', ...folders.filter((folder) => folder !== authPath), `${authPath}/refresh`]
}

function mismatchOf(binding: Buffer | null, values: readonly string[]): string {
  if (binding === null) return 'bound cookie, no half'
  return values.some(isBound) ? 'bound cookie, another half' : 'cookie that is bound to nothing'
}
