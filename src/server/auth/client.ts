import type { FastifyRequest } from 'fastify'
import { deviceName } from './logins/device-name.ts'

/** Where a request came from. */
export interface Client {
  /** The peer, or what a trusted proxy says of it. */
  address: string
  /** Such as `Firefox on Linux`. */
  device: string
}

export function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, device: deviceName(request.headers['user-agent']) }
}

/** The address under which the browser sees the product: what WebAuthn binds a passkey to. */
export interface Site {
  /** Host name without port. */
  rpId: string
  /** Scheme, host and port. */
  origin: string
}

export function siteOf(request: FastifyRequest): Site {
  return { rpId: request.hostname, origin: `${request.protocol}://${request.host}` }
}
