import type { IncomingMessage } from 'node:http'
import { DomainError } from '../platform/domain-error.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
/** Another port or another name below the same domain is another origin too. */
const FOREIGN_SITES: ReadonlySet<string> = new Set(['cross-site', 'same-site'])
const ANY_ADDRESS = ['0.0.0.0', '::', '[::]']

export interface OriginGuardOptions {
  /** Where the server listens. */
  host: string
  allowedHosts: string[]
  allowedOrigins: string[]
}

/** Refuses requests for a name that is not ours (DNS rebinding) and requests from other sites' pages. */
export class OriginGuard {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  constructor(options: OriginGuardOptions) {
    const own = ANY_ADDRESS.includes(options.host) ? [] : [asInUrl(options.host.toLowerCase())]
    this.#hosts = new Set([...LOOPBACK, ...own, ...options.allowedHosts])
    this.#origins = new Set(options.allowedOrigins)
  }

  get hasForeignOrigins(): boolean {
    return this.#origins.size > 0
  }

  /** Whether `ALLOWED_ORIGINS` names it. */
  isForeignAllowed(origin: string): boolean {
    return this.#origins.has(origin)
  }

  /**
   * @param host the Host header, or the forwarded one of a trusted proxy
   * @param protocol `http` or `https`, as the browser sees it
   * @throws DomainError BAD_REQUEST | HOST_NOT_ALLOWED | ORIGIN_NOT_ALLOWED
   */
  check(request: IncomingMessage, host: string, protocol: string): void {
    refuseSecondHost(request)
    if (!this.#hosts.has(hostName(host))) {
      throw new DomainError('HOST_NOT_ALLOWED', 'This server does not answer to that host name. Add it to ALLOWED_HOSTS if it should.')
    }
    const { origin } = request.headers
    // Browsers send it with every socket and every request that may change something; other clients send none.
    if (origin === undefined || origin === `${protocol}://${host}` || this.#origins.has(origin)) {
      const isForeign = FOREIGN_SITES.has(String(request.headers['sec-fetch-site']))
      if (!isForeign || origin !== undefined || isNavigation(request)) return
    }
    throw new DomainError(
      'ORIGIN_NOT_ALLOWED',
      'Requests from another site are refused. Add its exact origin to ALLOWED_ORIGINS if it should be let in.',
    )
  }
}

/** Following a link from another site to one of our pages is no request on anybody's behalf. */
function isNavigation(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate' && request.url?.startsWith('/api/') !== true
}

/** Two names for the server, of which a proxy may have looked at the other one. @throws DomainError BAD_REQUEST */
function refuseSecondHost({ url = '/', rawHeaders, headers }: IncomingMessage): void {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1
  const isAddressedTwice = !url.startsWith('/') && url !== '*' && URL.parse(url)?.host !== headers.host
  if (hosts > 1 || isAddressedTwice) throw new DomainError('BAD_REQUEST', 'The request names more than one host.')
}

/** An IPv6 address stands in brackets in `Host`. */
function asInUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** `Host` without its port, lower case; an IPv6 address keeps its brackets. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}
