import type { FastifyRequest } from 'fastify'
import { deviceTokensIn } from './logins/device-cookie.ts'
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

/** Where a sign-in or a step-up comes from, and the page's own address. */
export type Visitor = Client & {
  /** What the browser holds of having signed in before; null for nothing. */
  deviceToken: string | null
  site: Site
}

export function visitorOf(request: FastifyRequest): Visitor {
  return { ...clientOf(request), site: siteOf(request), deviceToken: deviceTokensIn(request) }
}

/** A visitor as the audit log and notices know them. */
export function clientIn({ address, device }: Visitor): Client {
  return { address, device }
}
