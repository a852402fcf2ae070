import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { UserId } from '#protocol/ids'
import { recordAudit } from '../../platform/audit-log.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import { LocalEventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { AuthRepository } from '../auth-repository.ts'
import { Notices } from '../logins/notices.ts'
import { AttemptCounters } from '../throttle/attempt-counters.ts'
import { counterOf } from '../throttle/attempt-limits.ts'
import { replacePassword } from './password-records.ts'
import type { PasswordPolicy } from './password-rules.ts'
import { Passwords } from './passwords.ts'

/** No vowels and nothing that looks like something else: it is read from one screen and typed into another. */
const ALPHABET = '23456789bcdfghjkmnpqrstvwxz'
const GROUPS = 4
const GROUP_LENGTH = 5

export interface ResetOptions {
  userId: UserId
  /** Null: one is made. */
  newPassword: string | null
  bcryptRounds: number
  policy: PasswordPolicy
  /** For the audit log: who does it. */
  actor: string
  clock?: Clock
}

/**
 * Sets a password without the old one, for whoever has the host. All logins of the user end and trusted devices are
 * forgotten; second factors stay, so that the host's word replaces what one knows and not what one has (ASVS 6.4.3).
 * Works on the database alone, beside a running server, which notices within a second.
 * @returns the password, which is stored nowhere
 * @throws PasswordRejectedError | DomainError NOT_FOUND
 */
export async function resetPassword(
  database: Kysely<Tables>,
  { userId, newPassword, bcryptRounds, policy, actor, clock = systemClock }: ResetOptions,
): Promise<{ password: string }> {
  const passwords = new Passwords({ database, bcryptRounds, policy })
  const user = await new AuthRepository(database).findUser(userId)
  if (user?.removed_at !== null) throw new DomainError('NOT_FOUND', 'There is no such user.')
  if (newPassword !== null) await passwords.checkNew(newPassword, { username: user.username, userId })
  const password = newPassword ?? generatePassword()
  const passwordHash = await passwords.hash(password)
  const notices = new Notices({ database, clock, bus: new LocalEventBus() })
  await database.transaction().execute(async (transaction) => {
    const at = clock.now()
    const ended = await replacePassword(transaction, {
      user,
      passwordHash,
      at,
      reason: 'password reset',
      exceptLogin: null,
      exceptDevice: null,
    })
    // Whoever guessed at the old password keeps nobody waiting with the new one.
    await new AttemptCounters(transaction, at).forget(counterOf('account', user.username_key).key)
    const details = { logins: ended, generated: newPassword === null }
    await recordAudit(transaction, { at, actor, action: 'user.password_reset', subject: userId, details })
    await notices.add(transaction, { userId, kind: 'password-reset' })
  })
  return { password }
}

/** 95 random bits, as in `7k2mp-…`. */
export function generatePassword(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}
