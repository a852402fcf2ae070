import * as z from 'zod/mini'
import type { Role } from './auth.ts'

/** What a role may do and what an API key may be given. `read` sees, the others act. */
export const Scope = z.enum(['read', 'chat', 'approve', 'files', 'terminal', 'admin'])
export type Scope = z.infer<typeof Scope>

/** What each role may do. A viewer sees and changes nothing. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: ['read', 'chat', 'approve', 'files', 'terminal', 'admin'],
  member: ['read', 'chat', 'approve', 'files', 'terminal'],
  viewer: ['read'],
}

/** Whose sessions each role may read. Prompting, changing and deciding are for whoever started one, whatever the role. */
export const ROLE_READS: Readonly<Record<Role, 'all' | 'own'>> = { owner: 'all', member: 'own', viewer: 'all' }
