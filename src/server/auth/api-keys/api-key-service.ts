import type { Kysely } from 'kysely'
import * as z from 'zod/mini'
import type { ApiKey, CreateApiKey, CreatedApiKey } from '#protocol/api-keys'
import { ApiKeyId, type LoginId, type UserId } from '#protocol/ids'
import type { AccountNotice } from '#protocol/logins'
import { Scope } from '#protocol/permissions'
import { API_KEY_PREFIX } from '../../http/authentication.ts'
import { type Credential, type Principal, UnauthorizedError } from '../../http/principal.ts'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../../platform/event-bus.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { ACCESS_ENDED } from '../../platform/topics.ts'
import { AuthRepository } from '../auth-repository.ts'
import type { Client } from '../client.ts'
import type { NewNotice, Notices } from '../logins/notices.ts'
import { randomToken, sha256 } from '../random-token.ts'
import { ApiKeyNotFoundError, ExpiryPassedError, ScopesNotHeldError, TooManyApiKeysError } from './api-key-errors.ts'
import { ApiKeyRepository, type ApiKeyRow } from './api-key-repository.ts'

const MAX_KEYS = 50
const MAX_REVOKED_KEPT = 50
/** `acu_` and 36 of 256 random bits: enough to recognise a key by, no help in guessing it. */
const PREFIX_LENGTH = 10

const Scopes = z.array(Scope)

export interface ApiKeyServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  bus: EventBus
  notices: Pick<Notices, 'add' | 'announce'>
}

/** Keys for programs: each acts for the user who made it, within its scopes. */
export class ApiKeyService {
  readonly #deps: ApiKeyServiceDeps

  constructor(deps: ApiKeyServiceDeps) {
    this.#deps = deps
  }

  /** The user's keys, the newest first; none of them in full. */
  async list(userId: UserId): Promise<ApiKey[]> {
    return (await new ApiKeyRepository(this.#deps.database).list(userId)).map(toApiKey)
  }

  /**
   * Makes a key. What is returned is the only copy: a hash is kept.
   * @throws ScopesNotHeldError | ExpiryPassedError | TooManyApiKeysError | UnauthorizedError for a login that ended meanwhile
   */
  async create(request: CreateApiKey, { user, scopes: held, credential }: Principal, client: Client): Promise<CreatedApiKey> {
    const { database, clock, notices } = this.#deps
    const at = clock.now()
    const missing = request.scopes.filter((scope) => !held.has(scope))
    if (missing.length > 0) throw new ScopesNotHeldError(missing)
    const { expiresAt = null } = request
    if (expiresAt !== null && Date.parse(expiresAt) <= at.getTime()) throw new ExpiryPassedError()
    const key = `${API_KEY_PREFIX}${randomToken()}`
    const row = newRow({ ...request, expiresAt }, { key, userId: user.id, at })
    const notice = await database.transaction().execute(async (transaction) => {
      const keys = new ApiKeyRepository(transaction)
      // Asked again: a key must not come after what its login was ended for, such as the account being disabled.
      if (credential.kind === 'login') await requireLiving(transaction, credential.loginId)
      // Counted inside the transaction: of many requests at once no more than there is room for succeed.
      if ((await keys.list(user.id)).length >= MAX_KEYS) throw new TooManyApiKeysError(MAX_KEYS)
      await keys.insert(row)
      const details = { name: row.name, scopes: request.scopes, expiresAt: row.expires_at }
      await recordAudit(transaction, { at, actor: user.username, action: 'apikey.created', subject: row.id, ...client, details })
      return notices.add(transaction, noticeOf(row, client, credential))
    })
    this.#announce(user.id, notice)
    return { ...toApiKey(row), key }
  }

  /** Ends a key of the user, and what it has open, at once. @throws ApiKeyNotFoundError */
  async revoke(id: ApiKeyId, { user }: Principal, client: Client): Promise<void> {
    const { database, clock, bus } = this.#deps
    const at = clock.now()
    await database.transaction().execute(async (transaction) => {
      const keys = new ApiKeyRepository(transaction)
      const row = await keys.revoke(id, user.id, at.toISOString())
      if (!row) throw new ApiKeyNotFoundError()
      await keys.pruneRevoked(user.id, MAX_REVOKED_KEPT)
      const details = { name: row.name }
      await recordAudit(transaction, { at, actor: user.username, action: 'apikey.revoked', subject: id, ...client, details })
    })
    bus.publish(ACCESS_ENDED, `api-key:${id}`)
  }

  #announce(userId: UserId, notice: AccountNotice): void {
    this.#deps.notices.announce(userId, notice)
  }
}

/** @throws UnauthorizedError */
async function requireLiving(db: Kysely<Tables>, id: LoginId): Promise<void> {
  if ((await new AuthRepository(db).findLogin(id))?.ended_at !== null) throw new UnauthorizedError('This login has ended. Sign in again.')
}

/** The scopes that a stored key was given. */
export function scopesOf({ scopes }: Pick<ApiKeyRow, 'scopes'>): Scope[] {
  return Scopes.parse(JSON.parse(scopes))
}

function newRow(request: CreateApiKey & { expiresAt: string | null }, { key, userId, at }: { key: string; userId: UserId; at: Date }) {
  return {
    id: ApiKeyId.parse(newId('key')),
    user_id: userId,
    name: request.name,
    prefix: key.slice(0, PREFIX_LENGTH),
    hash: sha256(key),
    scopes: JSON.stringify(Scope.options.filter((scope) => request.scopes.includes(scope))),
    created_at: at.toISOString(),
    expires_at: request.expiresAt,
    last_used_at: null,
    revoked_at: null,
  }
}

function noticeOf({ user_id: userId, name, scopes }: ApiKeyRow, client: Client, credential: Credential): NewNotice {
  const by = credential.kind === 'login' ? { loginId: credential.loginId } : {}
  return { userId, kind: 'api-key-created', ...client, ...by, facts: { name, scopes: scopesOf({ scopes }).join(', ') } }
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: scopesOf(row),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
