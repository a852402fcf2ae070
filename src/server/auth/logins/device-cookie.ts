import type { FastifyReply, FastifyRequest } from 'fastify'
import { TRUST_SECONDS } from '../throttle/trusted-devices.ts'

const PREFIX = 'acu_device_'

/**
 * What the browser holds of having signed in before; null for nothing. Also what it holds for other installations on the
 * same host name: tokens that are not ours are not found.
 */
export function deviceTokensIn({ headers }: FastifyRequest): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((part) => part.trim())
  const values = pairs.filter((pair) => pair.startsWith(PREFIX)).map((pair) => pair.slice(pair.indexOf('=') + 1))
  return values.length === 0 ? null : values.join('.')
}

/**
 * @param instance tells this installation's cookies from another's, since browsers share cookies between ports
 * @param path of the routes that sign somebody in
 */
export function setDeviceCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { instance, path, value }: { instance: string; path: string; value: string },
): void {
  const rest = `HttpOnly; SameSite=Strict; Max-Age=${String(TRUST_SECONDS)}${request.protocol === 'https' ? '; Secure' : ''}`
  reply.header('set-cookie', `${PREFIX}${instance}=${value}; Path=${path}; ${rest}`)
}
