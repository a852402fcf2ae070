import type { CreateApiKey } from '#protocol/api-keys'
import { Scope } from '#protocol/permissions'

/** Days until it expires. */
export const EXPIRIES = ['30', '90', '365', 'never'] as const
export type Expiry = (typeof EXPIRIES)[number]

export interface KeyDraft {
  name: string
  scopes: Scope[]
  expiry: Expiry
}

export const EMPTY_DRAFT: KeyDraft = { name: '', scopes: ['read'], expiry: '90' }

const DAY_MS = 24 * 60 * 60 * 1000

/** What is sent for a draft; null while something is missing. */
export function requestOf({ name, scopes, expiry }: KeyDraft, now: Date): CreateApiKey | null {
  if (name.trim() === '' || scopes.length === 0) return null
  return {
    name: name.trim(),
    scopes: Scope.options.filter((scope) => scopes.includes(scope)),
    expiresAt: expiry === 'never' ? null : new Date(now.getTime() + Number(expiry) * DAY_MS).toISOString(),
  }
}
