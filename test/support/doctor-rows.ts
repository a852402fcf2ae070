import { sql } from 'kysely'
import type { Role } from '#protocol/auth'
import { ApiKeyId, LoginId, PasskeyId, ProjectId, RuleId, SessionId, UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import type { Database } from '../../src/server/platform/database.ts'
import { newId } from '../../src/server/platform/new-id.ts'
import { insertSession } from './test-database.ts'

/* Rows that doctor finds something in. */

const AT = '2026-11-20T12:00:00.000Z'

interface Account {
  role?: Role
  hash?: string
  lastLogin?: string
}

export async function account(database: Database, { role = 'member', hash = 'none', lastLogin = AT }: Account): Promise<UserId> {
  const id = UserId.parse(newId('usr'))
  const fixed = { disabled_at: null, removed_at: null, password_changed_at: null, created_at: AT }
  await database
    .insertInto('users')
    .values({ id, username: 'ada', username_key: 'ada', password_hash: hash, role, last_login_at: lastLogin, ...fixed })
    .execute()
  return id
}

export async function addPasskey(database: Database, userId: UserId): Promise<void> {
  const id = PasskeyId.parse(newId('psk'))
  const key = { credential_id: id, public_key: '', counter: 0, transports: '[]', rp_id: 'localhost', backed_up: 0 }
  await database
    .insertInto('passkeys')
    .values({ id, user_id: userId, name: 'Blue key', ...key, created_at: AT, last_used_at: null })
    .execute()
}

export async function addLogin(database: Database, userId: UserId, lastUsed: string): Promise<void> {
  const id = LoginId.parse(newId('log'))
  const until = { expires_at: '2027-01-01T00:00:00.000Z', ended_at: null, end_reason: null }
  const from = { device: 'Firefox on Linux', address: '127.0.0.1', created_at: AT, fresh_at: AT, method: 'password' as const }
  await database
    .insertInto('logins')
    .values({ id, user_id: userId, last_used_at: lastUsed, ...from, ...until })
    .execute()
}

export async function addKey(
  database: Database,
  userId: UserId,
  { expires, used }: { expires: string | null; used: string | null },
): Promise<void> {
  const id = ApiKeyId.parse(newId('key'))
  const key = { name: 'nightly', prefix: 'acu_abc', hash: id, scopes: '["read"]', created_at: '2026-09-01T12:00:00.000Z', revoked_at: null }
  await database
    .insertInto('api_keys')
    .values({ id, user_id: userId, ...key, expires_at: expires, last_used_at: used })
    .execute()
}

export async function addSession(database: Database, { mode, until }: { mode: PermissionMode; until: string | null }): Promise<void> {
  const { sessionId } = await insertSession(database)
  await database.updateTable('sessions').set({ mode, mode_until: until }).where('id', '=', SessionId.parse(sessionId)).execute()
}

export async function addProject(database: Database, path: string): Promise<void> {
  const userId = await account(database, {})
  const times = { created_at: AT, last_opened_at: null, trusted_at: null, removed_at: null }
  await database
    .insertInto('projects')
    .values({ id: ProjectId.parse(newId('prj')), name: 'Shop', path, created_by: userId, ...times })
    .execute()
}

export async function addRule(database: Database, match: object): Promise<void> {
  const id = RuleId.parse(newId('rul'))
  const rule = { decision: 'allow' as const, scope: '{"kind":"global"}', match: JSON.stringify(match), reason: '', author: 'ada' }
  await database
    .insertInto('policy_rules')
    .values({ id, ...rule, expires_at: null, created_at: AT })
    .execute()
}

/** Nothing of ours does this; whoever has the file and its key can. */
export async function emptyLog(database: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'trigger' and tbl_name = 'audit_log'`.execute(
    database,
  )
  for (const { name } of rows) await sql`drop trigger ${sql.id(name)}`.execute(database)
  await sql`delete from audit_log`.execute(database)
}
