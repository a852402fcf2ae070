import type { Config } from '../config.ts'
import { isLoopback } from '../platform/loopback.ts'

/** How far the server can be reached, as far as its settings tell. */
export type Exposure =
  /** This machine alone. */
  | 'local'
  /** It listens on loopback, and something in front of it hands requests on. */
  | 'proxied'
  /** Other machines reach it themselves. */
  | 'open'

type Reach = Pick<Config, 'host' | 'trustProxy' | 'allowedHosts' | 'allowedOrigins'>

export function exposureOf(config: Reach): Exposure {
  if (!isLoopback(config.host)) return 'open'
  return config.trustProxy.length > 0 || publicUrls(config).length > 0 ? 'proxied' : 'local'
}

/** Where people reach it from elsewhere: one address for each name that it answers to beside those of this machine. */
export function publicUrls({ allowedHosts, allowedOrigins }: Pick<Reach, 'allowedHosts' | 'allowedOrigins'>): URL[] {
  const origins = allowedOrigins.map((origin) => new URL(origin))
  return allowedHosts.flatMap((host) => {
    if (isLocalName(host)) return []
    const own = origins.find(({ hostname }) => hostname === host) ?? URL.parse(`https://${host}`)
    return own === null ? [] : [own]
  })
}

/** 127.0.0.2 and its like may stand for another machine in front; nobody browses to them by default. */
function isLocalName(host: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host)
}
