import type { Kysely } from 'kysely'
import type { AuditAction } from '#protocol/audit-actions'
import type { UserId } from '#protocol/ids'
import type { Page, PageQuery } from '#protocol/lists'
import { ROLE_SCOPES } from '#protocol/permissions'
import type { ManagedUser, UpdateUser } from '#protocol/users'
import { ForbiddenError, type Principal } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import type { UserRow } from '../auth-repository.ts'
import type { Client } from '../client.ts'
import { InvitationRepository } from './invitation-repository.ts'
import { LastOwnerError, OwnAccountError, UserNotFoundError } from './user-errors.ts'
import { UserRepository } from './user-repository.ts'

export interface UserServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  /** Ends the agents of somebody who may not have any: nobody else could decide what they ask. */
  endAgents: (userId: UserId) => Promise<void>
}

/** The owner who does it, and from where. */
export interface Manager {
  principal: Principal
  client: Client
}

/** What is to become of a user; the same as now where nothing changes. */
type Standing = Pick<UserRow, 'role' | 'disabled_at'>

/** Users as an owner manages them. Every change holds at once: sockets close and caches forget as soon as it is stored. */
export class UserService {
  readonly #deps: UserServiceDeps

  constructor(deps: UserServiceDeps) {
    this.#deps = deps
  }

  async list({ limit, cursor }: PageQuery): Promise<Page<ManagedUser>> {
    const [createdAt, id] = cursor?.split('|') ?? []
    const after = createdAt !== undefined && id !== undefined ? { after: { createdAt, id } } : {}
    const users = await new UserRepository(this.#deps.database).list({ limit: limit + 1, ...after }, this.#now())
    const items = users.slice(0, limit)
    const last = items.at(-1)
    return { items, nextCursor: users.length > limit && last ? `${last.createdAt}|${last.id}` : null }
  }

  /** Whether the user's account, as it is now, lets their agents work. */
  async mayHaveAgents(userId: UserId): Promise<boolean> {
    const user = await new UserRepository(this.#deps.database).find(userId)
    return user !== undefined && canChat(user)
  }

  /**
   * Changes the role, disables, enables.
   * @throws UserNotFoundError | OwnAccountError | LastOwnerError | ForbiddenError when the manager lost their own role meanwhile
   */
  async update(userId: UserId, { role, disabled }: UpdateUser, manager: Manager): Promise<ManagedUser> {
    const at = this.#now()
    const isChanged = await this.#deps.database.transaction().execute(async (transaction) => {
      const users = new UserRepository(transaction)
      const before = await this.#target(users, userId)
      const after = { role: role ?? before.role, disabled_at: disabledAt(before, disabled, at) }
      if (after.role === before.role && after.disabled_at === before.disabled_at) return false
      await this.#guard(users, userId, manager)
      await users.update(userId, after)
      if ((await users.countEnabledOwners()) === 0) throw new LastOwnerError()
      if (after.disabled_at !== null) await users.endAccess(userId, at, 'account disabled')
      if (after.disabled_at !== null || after.role !== 'owner') await new InvitationRepository(transaction).revokeAllOf(userId, at)
      await this.#recordChanges(transaction, { before, after, manager })
      return true
    })
    if (isChanged) await this.#letGo(userId)
    const user = await new UserRepository(this.#deps.database).describe(userId, at)
    if (!user) throw new UserNotFoundError()
    return user
  }

  /**
   * Removes the account for good: what it knew of its owner goes, its sessions stay for owners and viewers to read.
   * @throws UserNotFoundError | OwnAccountError | LastOwnerError | ForbiddenError
   */
  async remove(userId: UserId, manager: Manager): Promise<void> {
    const at = this.#now()
    await this.#deps.database.transaction().execute(async (transaction) => {
      const users = new UserRepository(transaction)
      const user = await this.#target(users, userId)
      await this.#guard(users, userId, manager)
      await users.endAccess(userId, at, 'account removed')
      await users.remove(userId, at)
      if ((await users.countEnabledOwners()) === 0) throw new LastOwnerError()
      await new InvitationRepository(transaction).revokeAllOf(userId, at)
      await this.#record(transaction, user, { manager, action: 'user.removed', details: { role: user.role } })
    })
    await this.#letGo(userId)
  }

  async #target(users: UserRepository, userId: UserId): Promise<UserRow> {
    const user = await users.find(userId)
    if (!user) throw new UserNotFoundError()
    return user
  }

  /** In the transaction of the change: of two owners who act against one another at once, the first one wins. */
  async #guard(users: UserRepository, userId: UserId, { principal }: Manager): Promise<void> {
    const manager = await users.find(principal.user.id)
    if (manager?.role !== 'owner' || manager.disabled_at !== null) throw new ForbiddenError('You are not an owner any more.')
    if (manager.id === userId) throw (await users.countEnabledOwners()) === 1 ? new LastOwnerError() : new OwnAccountError()
  }

  async #recordChanges(
    db: Kysely<Tables>,
    { before, after, manager }: { before: UserRow; after: Standing; manager: Manager },
  ): Promise<void> {
    if (after.role !== before.role)
      await this.#record(db, before, { manager, action: 'user.role_changed', details: { from: before.role, to: after.role } })
    if (after.disabled_at === before.disabled_at) return
    await this.#record(db, before, { manager, action: after.disabled_at === null ? 'user.enabled' : 'user.disabled', details: {} })
  }

  async #record(
    db: Kysely<Tables>,
    { id, username }: UserRow,
    { manager, action, details }: { manager: Manager; action: AuditAction; details: Record<string, unknown> },
  ): Promise<void> {
    const { principal, client } = manager
    const entry = { at: this.#deps.clock.now(), actor: principal.user.username, action, subject: id, ...client }
    await recordAudit(db, { ...entry, details: { username, ...details } })
  }

  /** After the change is stored: nothing that was open goes on under the rights of before. */
  async #letGo(userId: UserId): Promise<void> {
    this.#deps.bus.publish(ACCESS_ENDED, `user:${userId}`)
    if (!(await this.mayHaveAgents(userId))) await this.#deps.endAgents(userId)
  }

  #now(): string {
    return this.#deps.clock.now().toISOString()
  }
}

function canChat({ role, disabled_at: disabled }: Standing): boolean {
  return disabled === null && ROLE_SCOPES[role].includes('chat')
}

function disabledAt(before: UserRow, disabled: boolean | undefined, at: string): string | null {
  if (disabled === undefined) return before.disabled_at
  return disabled ? (before.disabled_at ?? at) : null
}
