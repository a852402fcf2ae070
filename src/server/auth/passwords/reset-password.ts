import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { UserId } from '#protocol/ids'
import { recordAudit } from '../../platform/audit-log.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/domain-error.ts'
import { LocalEventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { ApiKeyRepository } from '../api-keys/api-key-repository.ts'
import { AuthRepository } from '../auth-repository.ts'
import { PasskeyRepository } from '../factors/passkey-repository.ts'
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
  /** Whether the user's API keys end too. */
  revokeKeys?: boolean
  clock?: Clock
}

export interface ResetResult {
  /** Stored nowhere. */
  password: string
  revokedKeys: number
  /** API keys that still work. */
  apiKeys: number
  passkeys: number
}

/**
 * Sets a password without the old one, for whoever has the host. All logins of the user end and trusted devices are
 * forgotten; second factors stay, so that the host's word replaces what one knows and not what one has (ASVS 6.4.3).
 * Works on the database alone, beside a running server, which notices within a second.
 * API keys and passkeys open the account without the password: they are counted, and the keys revoked where that is wanted.
 * @throws PasswordRejectedError | DomainError NOT_FOUND
 */
export async function resetPassword(
  database: Kysely<Tables>,
  { userId, newPassword, bcryptRounds, policy, actor, revokeKeys = false, clock = systemClock }: ResetOptions,
): Promise<ResetResult> {
  const passwords = new Passwords({ database, bcryptRounds, policy })
  const user = await new AuthRepository(database).findUser(userId)
  if (user?.removed_at !== null) throw new DomainError('NOT_FOUND', 'There is no such user.')
  if (newPassword !== null) await passwords.checkNew(newPassword, { username: user.username, userId })
  const password = newPassword ?? generatePassword()
  const passwordHash = await passwords.hash(password)
  const notices = new Notices({ database, clock, bus: new LocalEventBus() })
  const left = await database.transaction().execute(async (transaction) => {
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
    await transaction.deleteFrom('challenges').where('user_id', '=', userId).execute()
    const revokedKeys = revokeKeys ? await new ApiKeyRepository(transaction).revokeAll(userId, at.toISOString()) : []
    const details = { logins: ended, generated: newPassword === null, revokedKeys }
    await recordAudit(transaction, { at, actor, action: 'user.password_reset', subject: userId, details })
    await notices.add(transaction, { userId, kind: 'password-reset' })
    return { revokedKeys: revokedKeys.length, ...(await countOtherWays(transaction, userId, at)) }
  })
  return { password, ...left }
}

/** What opens the account without the password. */
async function countOtherWays(db: Kysely<Tables>, userId: UserId, at: Date): Promise<{ apiKeys: number; passkeys: number }> {
  const keys = await new ApiKeyRepository(db).list(userId)
  const passkeys = await new PasskeyRepository(db).list(userId)
  return { apiKeys: keys.filter(({ expires_at: end }) => end === null || end > at.toISOString()).length, passkeys: passkeys.length }
}

/** 95 random bits, as in `7k2mp-…`. */
export function generatePassword(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}
