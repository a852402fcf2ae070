import type { Kysely } from 'kysely'
import type { AuditAction } from '#protocol/audit-actions'
import { AuthRepository, type UserRow } from '../auth/auth-repository.ts'
import { resetPassword } from '../auth/passwords/reset-password.ts'
import { usernameKey } from '../auth/username-key.ts'
import { InvitationRepository } from '../auth/users/invitation-repository.ts'
import { UserRepository } from '../auth/users/user-repository.ts'
import type { Flags } from '../config.ts'
import { recordAudit } from '../platform/audit-log.ts'
import { DomainError } from '../platform/domain-error.ts'
import type { Tables } from '../platform/schema.ts'
import { HOST_ACTOR, type OpenData, withData } from './open-data.ts'
import type { Output } from './output.ts'

/** The `user …` commands: accounts on the host, without logging in. A server that runs notices within a second. */
export type UserCommand = { action: 'list' } | { action: 'reset-password' | 'reset-factors' | 'disable' | 'enable'; username: string }

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
    await ACTIONS[command.action](data, user, output)
    return 0
  })
}

const ACTIONS: Record<Exclude<UserCommand['action'], 'list'>, (data: OpenData, user: UserRow, output: Output) => Promise<void>> = {
  async 'reset-password'({ config, database }, user, { print }) {
    const { bcryptRounds, passwordPolicy: policy } = config
    const { password } = await resetPassword(database, { userId: user.id, newPassword: null, bcryptRounds, policy, actor: HOST_ACTOR })
    print(`The new password of ${user.username} is: ${password}`)
    print('All devices of the user were signed out. Second factors still hold; "user reset-factors" takes them away.')
  },
  async 'reset-factors'({ database }, user, { print }) {
    await database.transaction().execute(async (transaction) => {
      for (const table of ['totp_secrets', 'recovery_codes', 'passkeys'] as const)
        await transaction.deleteFrom(table).where('user_id', '=', user.id).execute()
      await endAccess(transaction, user, 'second factors reset')
      await record(transaction, user, 'user.factors_reset')
    })
    print(`${user.username} signs in with the password alone until new factors are set up. All devices of the user were signed out.`)
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
