import type { Kysely } from 'kysely'
import type { AuditAction } from '#protocol/audit-actions'
import { AuthRepository, type UserRow } from '../auth/auth-repository.ts'
import { resetPassword } from '../auth/passwords/reset-password.ts'
import { Notices } from '../auth/logins/notices.ts'
import { usernameKey } from '../auth/username-key.ts'
import { InvitationRepository } from '../auth/users/invitation-repository.ts'
import { UserRepository } from '../auth/users/user-repository.ts'
import type { Flags } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { systemClock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import { LocalEventBus } from '../platform/event-bus.ts'
import type { Tables } from '../platform/schema.ts'
import { HOST_ACTOR, type OpenData, withData } from './open-data.ts'
import type { Output } from './output.ts'

/** The `user …` commands: accounts on the host, without logging in. A server that runs notices within a second. */
export type UserCommand =
  | { action: 'list' }
  | { action: 'reset-password'; username: string; revokeKeys: boolean }
  | { action: 'reset-factors' | 'disable' | 'enable'; username: string }

class NoSuchUserError extends DomainError {
  constructor(username: string) {
    super('NOT_FOUND', `There is no user "${username}" here. "ai-code-ui user list" shows who there is.`)
  }
}

/**
 * @returns the exit code
 * @throws ConfigError | NoDataError | DomainError NOT_FOUND
 */
export function manageUsers(flags: Flags, command: UserCommand, output: Output): Promise<number> {
  return withData(flags, async (data) => {
    if (command.action === 'list') return listUsers(data, output)
    const user = await new AuthRepository(data.database).findUserByKey(usernameKey(command.username))
    if (!user) throw new NoSuchUserError(command.username)
    if (command.action === 'reset-password') await setPassword(data, user, command.revokeKeys, output)
    else await ACTIONS[command.action](data, user, output)
    return 0
  })
}

async function setPassword({ config, database }: OpenData, user: UserRow, revokeKeys: boolean, { print }: Output): Promise<void> {
  const { bcryptRounds, passwordPolicy: policy } = config
  const options = { userId: user.id, newPassword: null, bcryptRounds, policy, actor: HOST_ACTOR, revokeKeys }
  const { password, revokedKeys, apiKeys, passkeys } = await resetPassword(database, options)
  print(`The new password of ${user.username} is: ${password}`)
  print('All devices of the user were signed out. Second factors still hold; "user reset-factors" takes them away.')
  if (revokedKeys > 0) print(`${counted(revokedKeys, 'API key')} revoked.`)
  if (apiKeys > 0)
    print(
      `${counted(apiKeys, 'API key')} of the user still ${apiKeys === 1 ? 'opens' : 'open'} the account: "user reset-password NAME --revoke-keys" revokes them.`,
    )
  if (passkeys > 0)
    print(
      `${counted(passkeys, 'passkey')} of the user still ${passkeys === 1 ? 'opens' : 'open'} the account: "user reset-factors NAME" takes them away.`,
    )
}

const ACTIONS: Record<
  Exclude<UserCommand['action'], 'list' | 'reset-password'>,
  (data: OpenData, user: UserRow, output: Output) => Promise<void>
> = {
  async 'reset-factors'({ database }, user, { print }) {
    await database.transaction().execute(async (transaction) => {
      for (const table of ['totp_secrets', 'recovery_codes', 'passkeys'] as const)
        await transaction.deleteFrom(table).where('user_id', '=', user.id).execute()
      await endAccess(transaction, user, 'second factors reset')
      await record(transaction, user, 'user.factors_reset')
      const notices = new Notices({ database, clock: systemClock, bus: new LocalEventBus() })
      await notices.add(transaction, { userId: user.id, kind: 'factor-removed', facts: { factor: 'all' } })
    })
    print(
      `${user.username} signs in with the password alone until new factors are set up. All devices of the user were signed out and API keys revoked.`,
    )
  },
  async disable({ database }, user, { print, warn }) {
    const at = new Date().toISOString()
    const owners = await database.transaction().execute(async (transaction) => {
      await new UserRepository(transaction).update(user.id, { disabled_at: user.disabled_at ?? at })
      await endAccess(transaction, user, 'account disabled')
      // They would come back with the account.
      await new InvitationRepository(transaction).revokeAllOf(user.id, at)
      await record(transaction, user, 'user.disabled')
      return new UserRepository(transaction).countEnabledOwners()
    })
    print(`${user.username} is disabled and signed out everywhere.`)
    if (owners === 0) warn(`No owner is left who may sign in. "ai-code-ui user enable ${user.username}" undoes this.`)
  },
  async enable({ database }, user, { print }) {
    await database.transaction().execute(async (transaction) => {
      await new UserRepository(transaction).update(user.id, { disabled_at: null })
      await record(transaction, user, 'user.enabled')
    })
    print(`${user.username} may sign in again.`)
  },
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${String(count)} ${what}s`
}

async function listUsers({ database }: OpenData, { print }: Output): Promise<number> {
  const users = await new UserRepository(database).list({ limit: 10_000 }, new Date().toISOString())
  if (users.length === 0) print('There is no account yet. Start the server and use the setup code that it prints.')
  for (const { username, role, disabledAt, secondFactor, logins, lastLoginAt } of users) {
    const standing = disabledAt === null ? 'enabled' : `disabled since ${disabledAt}`
    const factor = secondFactor ? 'second factor' : 'no second factor'
    print(`${username}  ${role}  ${standing}  ${factor}  signed in on ${String(logins)}  last sign-in ${lastLoginAt ?? 'never'}`)
  }
  return 0
}

async function endAccess(db: Kysely<Tables>, user: UserRow, reason: string): Promise<void> {
  await new UserRepository(db).endAccess(user.id, new Date().toISOString(), reason)
}

async function record(db: Kysely<Tables>, user: UserRow, action: AuditAction): Promise<void> {
  await recordAudit(db, { at: new Date(), actor: HOST_ACTOR, action, subject: user.id, details: { username: user.username } })
}
