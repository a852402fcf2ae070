import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** The address that a request was made to, as the browser saw it. */
export interface PublicAddress {
  host: string
  protocol: 'http' | 'https'
}

/** Tells a reverse proxy's word from a stranger's, for WebSocket upgrades, which Fastify does not see. */
export class TrustedProxies {
  readonly #trusted = new BlockList()

  /** @param proxies addresses and CIDRs */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', prefix] = proxy.split('/')
      const family = isIPv6(address) ? 'ipv6' : 'ipv4'
      if (prefix === undefined) this.#trusted.addAddress(address, family)
      else this.#trusted.addSubnet(address, Number(prefix), family)
    }
  }

  /** Believes `X-Forwarded-Host` and `X-Forwarded-Proto` of a trusted peer alone, as Fastify does for requests. */
  publicAddress(request: IncomingMessage): PublicAddress {
    const isTrusted = this.#isTrusted(request.socket.remoteAddress)
    const forwardedHost = isTrusted ? lastOf(request.headers['x-forwarded-host']) : undefined
    const forwardedProtocol = isTrusted ? lastOf(request.headers['x-forwarded-proto']) : undefined
    const isSecure = forwardedProtocol === undefined ? 'encrypted' in request.socket : forwardedProtocol === 'https'
    return { host: forwardedHost ?? request.headers.host ?? '', protocol: isSecure ? 'https' : 'http' }
  }

  /** Who connected: the nearest address that is no trusted proxy, as Fastify tells it for requests. */
  clientAddress(request: IncomingMessage): string {
    const forwarded = [request.headers['x-forwarded-for']].flat().join(',').split(',')
    const hops = [...forwarded.map((hop) => hop.trim()), request.socket.remoteAddress ?? ''].filter((hop) => hop !== '')
    return hops.findLast((hop) => !this.#isTrusted(hop)) ?? hops[0] ?? ''
  }

  #isTrusted(remoteAddress: string | undefined): boolean {
    if (remoteAddress === undefined) return false
    const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/, '')
    return isIP(address) !== 0 && this.#trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  }
}

/** The entry that the nearest proxy added. */
function lastOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.at(-1) : header
  return text?.split(',').at(-1)?.trim()
}
