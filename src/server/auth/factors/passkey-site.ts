import { isIP } from 'node:net'
import { DomainError } from '../../platform/domain-error.ts'
import type { Site } from '../client.ts'

/** Whether browsers do WebAuthn at this address: it takes a name, and HTTPS unless it is this very machine (Web Authentication, section 5.1). */
export function hasPasskeys({ rpId, origin }: Site): boolean {
  if (isIP(rpId.replace(/^\[|\]$/g, '')) !== 0) return false
  return origin.startsWith('https://') || rpId === 'localhost' || rpId.endsWith('.localhost')
}

/** @throws DomainError CONFLICT where they do not */
export function requirePasskeySite(site: Site): void {
  if (hasPasskeys(site)) return
  throw new DomainError(
    'CONFLICT',
    'Browsers offer passkeys only to a site with a name, over HTTPS. Open the product as localhost on its own machine, or by its HTTPS name.',
  )
}
