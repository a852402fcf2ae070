import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Migration } from './migration.ts'

/** Password history, throttles, trusted devices, notices, second factors, API keys, invitations. */
export const accounts: Migration = {
  name: 'accounts',
  async up(db) {
    for (const change of changes(db)) await change.execute()
    for (const table of [...signInTables(db), ...factorTables(db), ...accessTables(db)]) await table.execute()
    for (const index of indexes(db)) await index.execute()
    // Whoever signed in before proved it then, with a password.
    await sql`update logins set fresh_at = created_at`.execute(db)
    await foldNames(db)
  },
}

/** Names are compared in a stricter form than before: by upper case, then lower case, of NFKC. */
async function foldNames(db: Kysely<Tables>): Promise<void> {
  for (const { id, username } of await db.selectFrom('users').select(['id', 'username']).execute()) {
    const key = username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
    await db.updateTable('users').set({ username_key: key }).where('id', '=', id).execute()
  }
}

function changes(db: Kysely<Tables>) {
  return [
    db.schema.alterTable('users').addColumn('removed_at', 'text'),
    db.schema.alterTable('users').addColumn('password_changed_at', 'text'),
    db.schema.alterTable('logins').addColumn('method', 'text', (c) => c.notNull().defaultTo('password')),
    db.schema.alterTable('logins').addColumn('fresh_at', 'text', (c) => c.notNull().defaultTo('')),
    db.schema.alterTable('refresh_tokens').addColumn('attempt_hash', 'text'),
    // Tickets live for half a minute: the table is made anew.
    db.schema.dropTable('ws_tickets'),
    db.schema
      .createTable('ws_tickets')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('login_id', 'text', (c) => c.references('logins.id'))
      .addColumn('api_key_id', 'text')
      .addColumn('expires_at', 'text', (c) => c.notNull()),
  ]
}

function signInTables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('password_history')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .addColumn('retired_at', 'text', (c) => c.notNull()),
    db.schema
      .createTable('login_throttles')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('last_failure_at', 'text', (c) => c.notNull())
      .addColumn('blocked_until', 'text')
      .addColumn('refused', 'integer', (c) => c.notNull().defaultTo(0)),
    db.schema
      .createTable('trusted_devices')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_used_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull()),
    db.schema
      .createTable('notices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('device', 'text')
      .addColumn('address', 'text')
      .addColumn('login_id', 'text')
      .addColumn('facts', 'text', (c) => c.notNull())
      .addColumn('read_at', 'text'),
  ]
}

function factorTables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('totp_secrets')
      .addColumn('user_id', 'text', (c) => c.primaryKey().references('users.id'))
      .addColumn('secret', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('confirmed_at', 'text')
      .addColumn('last_step', 'integer', (c) => c.notNull()),
    db.schema
      .createTable('recovery_codes')
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('used_at', 'text')
      .addPrimaryKeyConstraint('recovery_codes_pk', ['user_id', 'hash']),
    db.schema
      .createTable('passkeys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('credential_id', 'text', (c) => c.notNull().unique())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .addColumn('counter', 'integer', (c) => c.notNull())
      .addColumn('transports', 'text', (c) => c.notNull())
      .addColumn('rp_id', 'text', (c) => c.notNull())
      .addColumn('backed_up', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_used_at', 'text'),
    db.schema
      .createTable('challenges')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('purpose', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text')
      .addColumn('challenge', 'text', (c) => c.notNull())
      .addColumn('rp_id', 'text', (c) => c.notNull())
      .addColumn('origin', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull()),
  ]
}

function accessTables(db: Kysely<Tables>) {
  return [
    db.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('prefix', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('scopes', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('last_used_at', 'text')
      .addColumn('revoked_at', 'text'),
    db.schema
      .createTable('invitations')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('created_by', 'text', (c) => c.notNull().references('users.id'))
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .addColumn('used_at', 'text')
      .addColumn('used_by', 'text')
      .addColumn('revoked_at', 'text'),
    db.schema
      .createTable('installation')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull()),
  ]
}

function indexes(db: Kysely<Tables>) {
  return [
    db.schema.createIndex('refresh_tokens_used').on('refresh_tokens').columns(['login_id', 'used_at']),
    db.schema.createIndex('password_history_user').on('password_history').columns(['user_id', 'retired_at']),
    db.schema.createIndex('login_throttles_failure').on('login_throttles').column('last_failure_at'),
    db.schema.createIndex('trusted_devices_user').on('trusted_devices').column('user_id'),
    db.schema.createIndex('notices_user').on('notices').columns(['user_id', 'read_at']),
    db.schema.createIndex('passkeys_user').on('passkeys').column('user_id'),
    db.schema.createIndex('challenges_expiry').on('challenges').column('expires_at'),
    db.schema.createIndex('api_keys_user').on('api_keys').column('user_id'),
    // Whoever reads everybody's sessions pages through them by this.
    db.schema.createIndex('sessions_updated').on('sessions').columns(['updated_at', 'id']),
  ]
}
