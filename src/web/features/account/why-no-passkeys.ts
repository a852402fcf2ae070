import { BASE_PATH } from '../../lib/base-path.ts'

interface Here {
  location: Pick<Location, 'hostname' | 'port' | 'protocol'>
  /** Whether the browser trusts the connection. */
  isSecure: boolean
  /** Whether the browser knows passkeys at all; it hides them where it does not trust the connection. */
  isKnown: boolean
}

interface NoPasskeys {
  reason: 'ip-address' | 'insecure' | 'browser' | 'server'
  /** The same screen under a name that has passkeys; null where this is another machine. */
  localUrl: string | null
}

/** Why passkeys cannot be added under this address (W3C WebAuthn Level 3, section 5.1: a secure context and a domain). */
export function whyNoPasskeys({ location, isSecure, isKnown }: Here): NoPasskeys {
  const { hostname } = location
  if (/^127(\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]') {
    return {
      reason: 'ip-address',
      localUrl: `${location.protocol}//localhost${location.port === '' ? '' : `:${location.port}`}${BASE_PATH}/account#passkeys`,
    }
  }
  if (!isSecure) return { reason: 'insecure', localUrl: null }
  if (!isKnown) return { reason: 'browser', localUrl: null }
  const isAddress = hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)
  return { reason: isAddress ? 'ip-address' : 'server', localUrl: null }
}
