import type { Attack } from '../support/attack-stage.ts'
import { accountAttacks, guessingAttacks } from './attacks/accounts.ts'
import { frameAttacks } from './attacks/frames.ts'
import { headerAttacks } from './attacks/headers.ts'
import { hostAttacks } from './attacks/hosts.ts'
import { injectionAttacks } from './attacks/injection.ts'
import { leakAttacks } from './attacks/leaks.ts'
import { limitAttacks } from './attacks/limits.ts'
import { socketAttacks } from './attacks/sockets.ts'
import { tokenAttacks } from './attacks/tokens.ts'

/** All that run against one server, in this order: those that are slowed down come last. */
export const ATTACKS: readonly Attack[] = [
  ...accountAttacks,
  ...tokenAttacks,
  ...headerAttacks,
  ...hostAttacks,
  ...injectionAttacks,
  ...socketAttacks,
  ...frameAttacks,
  ...leakAttacks,
  ...limitAttacks,
  ...guessingAttacks,
]
